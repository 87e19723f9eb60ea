import { z } from 'zod'

const limit = (perSecond: number, burst: number, description: string) =>
  z
    .strictObject({
      per_second: z.number().min(0.001).default(perSecond).describe('How often in the long run.'),
      burst_count: z.int().min(1).default(burst).describe('How many at once.'),
    })
    .prefault({})
    .meta({ description, example: { per_second: perSecond, burst_count: burst } })

export const rateLimits = z
  .strictObject({
    rc_message: limit(1, 30, 'Sending events, typing, receipts; by user.'),
    rc_registration: limit(0.17, 3, 'Making accounts; by address.'),
    rc_registration_token_validity: limit(
      1,
      30,
      'Steps of a registration, which takes several requests: asking whether a name is free or a token valid, the stages themselves; by address.',
    ),
    rc_login: z
      .strictObject({
        address: limit(0.17, 10, 'By address.'),
        account: limit(0.003, 5, 'By account.'),
        failed_attempts: limit(0.17, 3, 'With a wrong password, by account.'),
      })
      .prefault({})
      .describe('Signing in. No account is ever locked.'),
    rc_joins: z
      .strictObject({
        local: limit(0.1, 10, 'Rooms that this server takes part in.'),
        remote: limit(0.01, 10, 'Rooms joined through another server.'),
      })
      .prefault({})
      .describe('Joining rooms; by user.'),
    rc_joins_per_room: limit(1, 10, 'Joins into one room.'),
    rc_invites: z
      .strictObject({
        per_room: limit(0.3, 10, 'Into one room.'),
        per_user: limit(0.003, 5, 'To one user.'),
        per_issuer: limit(0.3, 10, 'By one user.'),
      })
      .prefault({})
      .describe('Invitations.'),
    rc_room_creation: limit(0.016, 10, 'Creating rooms; by user.'),
    rc_default: limit(10, 100, 'Every other limited operation; by user or address.'),
  })
  .prefault({})
  .describe('How often something may be done before a client is told to wait. Named as in Synapse.')
