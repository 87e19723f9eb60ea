import { z } from 'zod'

export const database = z
  .strictObject({
    url: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
      .meta({
        description: 'Connection URL, e.g. `postgres://user:password@host:5432/hearth`.',
        secret: true,
      }),
    pool_size: z
      .int()
      .min(2)
      .optional()
      .describe(
        'Most connections of one worker for ordinary queries; about seven more are for the log. ' +
          'Default: the workers of a machine share twice its cores.',
      ),
  })
  .optional()
  .describe(
    'A Postgres server (15 or later, encoding UTF8, a database of its own). Without this section ' +
      'Hearth runs its own Postgres in the data folder.',
  )
