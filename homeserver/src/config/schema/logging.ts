import { z } from 'zod'

export const logging = z
  .strictObject({
    level: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
      .default('info')
      .describe('The least important messages that are written, as JSON lines on standard error.'),
  })
  .prefault({})
  .describe('The log. It never holds access tokens, passwords or message text.')
