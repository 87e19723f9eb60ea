import { z } from 'zod'

export const registration = z
  .strictObject({
    mode: z
      .enum(['closed', 'token', 'open'])
      .default('token')
      .describe(
        'Who may make an account, apart from whoever has a registration token of an ' +
          'administrator. `token`: nobody, and clients ask for the token. `closed`: nobody, and ' +
          'clients say so. `open`: anyone, which invites abuse on the public internet. While no ' +
          'account exists, the one-time set-up link works in every mode.',
      ),
    guests: z
      .boolean()
      .default(false)
      .describe(
        'Whether anyone may come in as a guest, without name and password, and join the rooms that ' +
          'admit guests.',
      ),
    shared_secret: z
      .string()
      .min(32)
      .optional()
      .meta({
        description:
          'Lets its holder make accounts through `/_synapse/admin/v1/register`. At least 32 ' +
          'characters; without it that endpoint is not there.',
        secret: true,
      }),
  })
  .prefault({})
  .describe('Making accounts.')
