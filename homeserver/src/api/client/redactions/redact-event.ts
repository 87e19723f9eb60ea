// PUT /_matrix/client/v3/rooms/{roomId}/redact/{eventId}/{txnId}
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3roomsroomidredacteventidtxnid
import { endpoint, storableText, z } from '#http/endpoint.ts'
import { eventId, roomId } from '#matrix/ids.ts'

export const redactEvent = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v3/rooms/:roomId/redact/:eventId/:txnId',
  auth: 'user',
  rateLimit: 'message',
  whileSuspended: true,
  params: z.object({ roomId, eventId, txnId: storableText }),
  body: z.object({
    reason: z.string().optional(),
    // MSC3912 redacts more than one event
    'org.matrix.msc3912.with_relations': z.undefined('Not supported by this server').optional(),
  }),
  optionalBody: true,
  async handler({ params, body, requester, ctx }) {
    await ctx.moderation.suspension.requireMayRedact(requester, params.eventId)
    const redaction = await ctx.sending.send({
      sender: { key: requester.user, userId: requester.userId, local: true },
      device: requester.device,
      roomId: params.roomId,
      type: 'm.room.redaction',
      content: body.reason === undefined ? {} : { reason: body.reason },
      redacts: params.eventId,
      txn: { key: `redact/${params.eventId}`, id: params.txnId },
    })
    return { event_id: redaction }
  },
})
