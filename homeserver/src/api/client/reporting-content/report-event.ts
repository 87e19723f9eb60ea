// POST /_matrix/client/v3/rooms/{roomId}/report/{eventId}
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidreporteventid
import { endpoint, z } from '#http/endpoint.ts'
import { eventId, roomId } from '#matrix/ids.ts'
import { MAX_REPORT_BYTES, reason } from './report-body.ts'

export const reportEvent = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/rooms/:roomId/report/:eventId',
  auth: 'user',
  rateLimit: 'default',
  params: z.object({ roomId, eventId }),
  body: z.object({ reason: reason.optional() }),
  maxBodyBytes: MAX_REPORT_BYTES,
  async handler({ params, body, requester, ctx }) {
    await ctx.moderation.reports.event(requester, params, body.reason)
    return {}
  },
})
