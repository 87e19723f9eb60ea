// POST /_matrix/client/v3/users/{userId}/report
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3usersuseridreport
import { endpoint, z } from '#http/endpoint.ts'
import { userId } from '#matrix/ids.ts'
import { MAX_REPORT_BYTES, reason } from './report-body.ts'

export const reportUser = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/users/:userId/report',
  auth: 'user',
  rateLimit: 'default',
  params: z.object({ userId }),
  body: z.object({ reason }),
  maxBodyBytes: MAX_REPORT_BYTES,
  async handler({ params, body, requester, ctx }) {
    await ctx.moderation.reports.user(requester, params.userId, body.reason)
    return {}
  },
})
