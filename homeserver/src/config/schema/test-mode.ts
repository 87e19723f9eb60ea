import { z } from 'zod'

const flag = (description: string) => z.boolean().default(false).describe(description)

export const unsafeTestMode = z
  .strictObject({
    confirm: z.string().describe('Literally `unsafe <server_name>`.'),
    open_dummy_registration: flag('Anyone makes accounts with `m.login.dummy`.'),
    weak_shared_secret: z
      .string()
      .min(1)
      .optional()
      .describe('A shared secret for registration that need not be strong.'),
    no_rate_limits: flag('No limit on anything, wrong passwords included.'),
    cheap_password_hash: flag('The lowest cost of password hashing, and no rules for passwords.'),
    allow_private_addresses: flag(
      'Connects to loopback and private addresses at the bidding of users.',
    ),
    bind_any: flag('Allows listening on other addresses than loopback.'),
  })
  .optional()
  .meta({
    description:
      'For throw-away test servers only, never for people. Also needs the environment variable ' +
      '`HEARTH_UNSAFE_TEST_MODE=<server_name>`, a server name that cannot be public, and an empty ' +
      'database, which stays a test database for ever.',
    unsafe: true,
  })
