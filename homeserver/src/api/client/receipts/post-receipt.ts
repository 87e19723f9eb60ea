// POST /_matrix/client/v3/rooms/{roomId}/receipt/{receiptType}/{eventId}
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidreceiptreceipttypeeventid
import { endpoint, z } from '#http/endpoint.ts'
import { invalidParam } from '#matrix/errors.ts'
import { eventId, roomId } from '#matrix/ids.ts'

export const postReceipt = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/rooms/:roomId/receipt/:receiptType/:eventId',
  auth: 'user',
  rateLimit: 'default',
  whileSuspended: true,
  params: z.object({
    roomId,
    receiptType: z.enum(['m.read', 'm.read.private', 'm.fully_read']),
    eventId,
  }),
  // here the specification wants M_INVALID_PARAM, also for a thread_id of the wrong type
  body: z.object({ thread_id: z.unknown() }).partial(),
  optionalBody: true,
  async handler({ params, body, requester: { user }, ctx }) {
    const threadId = body.thread_id
    if (threadId !== undefined && (typeof threadId !== 'string' || threadId === '')) {
      throw invalidParam('thread_id field must be a non-empty string')
    }
    if (params.receiptType === 'm.fully_read') {
      if (threadId !== undefined) throw invalidParam('m.fully_read has no thread_id.')
      await ctx.receipts.setMarkers(user, params.roomId, { fullyRead: params.eventId })
    } else {
      const { roomId: room, receiptType, eventId: event } = params
      await ctx.receipts.set(user, room, receiptType, event, threadId)
    }
    return {}
  },
})
