import { z } from 'zod'

export const presence = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe(
        'Whether people see who of those they share rooms with is online. It makes work with every ' +
          'change, and tells when people are at their devices.',
      ),
  })
  .prefault({})
  .describe('Who is online.')
