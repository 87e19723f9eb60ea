import { z } from 'zod'

/** On one machine. */
export const MAX_WORKERS = 64

export const workers = z
  .int()
  .min(1)
  .max(MAX_WORKERS)
  .default(1)
  .describe(
    'Server processes on this machine. One is right for most; more use more cores, each for about ' +
      '100 MB of memory. No more than there are cores.',
  )

export const workersTotal = z
  .int()
  .min(1)
  .max(1024)
  .optional()
  .describe(
    'Only with several machines over one database: the workers of all of them together. Each ' +
      'worker counts rate limits by itself and grants its share. Default: `workers`.',
  )
