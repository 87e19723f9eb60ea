import { z } from 'zod'
import { serverName } from '#matrix/ids.ts'
import { database } from './database.ts'
import { http } from './http.ts'
import { logging } from './logging.ts'
import { outbound } from './outbound.ts'
import { presence } from './presence.ts'
import { push } from './push.ts'
import { rateLimits } from './rate-limits.ts'
import { registration } from './registration.ts'
import { rooms } from './rooms.ts'
import { support } from './support.ts'
import { userDirectory } from './user-directory.ts'
import { unsafeTestMode } from './test-mode.ts'
import { workers, workersTotal } from './workers.ts'

/** The whole configuration file. Each section stands in its own module beside this one. */
export const configSchema = z.strictObject({
  server_name: serverName
    .prefault('localhost')
    .describe(
      'The part after the colon in user IDs (`@alice:example.org`). It is stored in the database ' +
        'at the first start and can never change.',
    ),
  data: z
    .string()
    .min(1)
    .default('.data')
    .describe(
      'Folder for keys, files and, unless `database` is set, the database. Relative to this file, ' +
        'or to the working directory when there is none.',
    ),
  signing_key_file: z
    .string()
    .min(1)
    .optional()
    .describe(
      "The server's signing key, as `hearth generate-signing-key` makes it. Default: " +
        '`signing.key` in the data folder, made at the first start.',
    ),
  workers,
  workers_total: workersTotal,
  http,
  database,
  registration,
  user_directory: userDirectory,
  rooms,
  outbound,
  presence,
  push,
  support,
  rate_limits: rateLimits,
  logging,
  unsafe_test_mode: unsafeTestMode,
})

/** A checked configuration: defaults filled in, secrets read, `data` and `signing_key_file` absolute. */
export type Config = Readonly<z.output<typeof configSchema>> & {
  readonly signing_key_file: string
}
