// POST /_matrix/client/v3/user_directory/search
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3user_directorysearch
import { endpoint, z } from '#http/endpoint.ts'

export const searchUserDirectory = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/user_directory/search',
  auth: 'user',
  rateLimit: 'default',
  whileSuspended: true,
  body: z.object({ search_term: z.string(), limit: z.int().optional() }),
  handler: ({ body, requester, ctx }) =>
    ctx.userDirectory.search(requester, body.search_term, body.limit),
})
