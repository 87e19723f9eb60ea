import { z } from 'zod'
import { userId } from '#matrix/ids.ts'

const contact = z
  .strictObject({
    matrix_id: userId.optional(),
    email_address: z.email().optional(),
    role: z.string().min(1).max(255),
  })
  .refine(
    ({ matrix_id, email_address }) => matrix_id !== undefined || email_address !== undefined,
    'A contact needs matrix_id or email_address',
  )

export const support = z
  .strictObject({
    contacts: z
      .array(contact)
      .default([])
      .describe(
        'Whom to write to: each with `matrix_id`, `email_address` or both, and a `role`: ' +
          '`m.role.admin`, `m.role.security` or one of your own.',
      ),
    page: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('A page with help for the people on this server.'),
  })
  .prefault({})
  .describe(
    'Where people find help; told in `.well-known/matrix/support`, which is not there without any.',
  )
