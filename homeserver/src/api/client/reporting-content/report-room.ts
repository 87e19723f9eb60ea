// POST /_matrix/client/v3/rooms/{roomId}/report
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidreport
import { endpoint, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'
import { MAX_REPORT_BYTES, reason } from './report-body.ts'

export const reportRoom = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/rooms/:roomId/report',
  auth: 'user',
  rateLimit: 'default',
  params: z.object({ roomId }),
  body: z.object({ reason }),
  maxBodyBytes: MAX_REPORT_BYTES,
  async handler({ params, body, requester, ctx }) {
    await ctx.moderation.reports.room(requester, params.roomId, body.reason)
    return {}
  },
})
