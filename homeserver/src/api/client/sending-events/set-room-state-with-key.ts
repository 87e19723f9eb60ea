// PUT /_matrix/client/v3/rooms/{roomId}/state/{eventType}/{stateKey}
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3roomsroomidstateeventtypestatekey
import { endpoint, jsonObject, storableText, z } from '#http/endpoint.ts'
import { isUserId, roomId } from '#matrix/ids.ts'
import { own } from '#matrix/json.ts'
import { requireCanonicalNumbers } from './canonical-body.ts'
import { clientContent } from './client-content.ts'
import { sendQuery } from './send-query.ts'

export const setRoomStateWithKey = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v3/rooms/:roomId/state/:eventType{/:stateKey}',
  auth: 'user',
  rateLimit: 'message',
  guests: true,
  whileSuspended: true,
  params: z.object({ roomId, eventType: storableText, stateKey: storableText }),
  query: sendQuery,
  body: jsonObject,
  async handler({ params, body, request, requester, ctx }) {
    requireCanonicalNumbers(request.rawBody)
    const { eventType, stateKey } = params
    ctx.moderation.suspension.requireMaySetState(requester, {
      type: eventType,
      stateKey,
      content: body,
    })
    const membership = eventType === 'm.room.member' ? own(body, 'membership') : undefined
    if (membership === 'invite' && isUserId(stateKey)) {
      // limited like an invitation through `/invite`
      await ctx.policies.limiter.consume('invite', requester.userId)
      await ctx.membership.countInvite(requester, params.roomId, stateKey)
    }
    const send = () =>
      ctx.sending.send({
        sender: { key: requester.user, userId: requester.userId, local: true },
        device: requester.device,
        roomId: params.roomId,
        type: eventType,
        stateKey,
        content: clientContent(eventType, body),
      })
    const join = () =>
      ctx.membership.joining(requester, params.roomId, () =>
        ctx.guests.joining(requester, params.roomId, send),
      )
    const eventId = await (membership === 'join' ? join() : send())
    if (eventType === 'm.room.tombstone' && stateKey === '') {
      await ctx.roomUpgrades.replacedByHand(requester, own(body, 'replacement_room'))
    }
    return { event_id: eventId }
  },
})
