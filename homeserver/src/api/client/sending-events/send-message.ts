// PUT /_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId}
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid
import { endpoint, jsonObject, storableText, z } from '#http/endpoint.ts'
import { badJson, missingParam } from '#matrix/errors.ts'
import { isEventId, roomId, type EventId } from '#matrix/ids.ts'
import { own, type JsonObject } from '#matrix/json.ts'
import { requireCanonicalNumbers } from './canonical-body.ts'
import { sendQuery } from './send-query.ts'

export const sendMessage = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v3/rooms/:roomId/send/:eventType/:txnId',
  auth: 'user',
  rateLimit: 'message',
  guests: true,
  whileSuspended: true,
  params: z.object({ roomId, eventType: storableText, txnId: storableText }),
  query: sendQuery,
  body: jsonObject,
  async handler({ params, body, request, requester, ctx }) {
    requireCanonicalNumbers(request.rawBody)
    const { eventType, txnId } = params
    const redacts = eventType === 'm.room.redaction' ? redactsOf(body) : undefined
    await ctx.moderation.suspension.requireMaySend(requester, redacts)
    const eventId = await ctx.sending.send({
      sender: { key: requester.user, userId: requester.userId, local: true },
      device: requester.device,
      roomId: params.roomId,
      type: eventType,
      content: body,
      txn: { key: `send/${eventType}`, id: txnId },
      ...(redacts !== undefined && { redacts }),
    })
    return { event_id: eventId }
  },
})

/** Every room version is redacted by `content.redacts` here; the sender moves it where it belongs. */
function redactsOf(content: JsonObject): EventId {
  const redacts = own(content, 'redacts')
  if (redacts === undefined) throw missingParam('redacts')
  if (typeof redacts !== 'string' || !isEventId(redacts)) throw badJson('redacts: Not an event ID')
  return redacts
}
