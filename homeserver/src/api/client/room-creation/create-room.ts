// POST /_matrix/client/v3/createRoom
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3createroom
import { endpoint, jsonObject, storableText, z } from '#http/endpoint.ts'
import { userId } from '#matrix/ids.ts'
import { requireCanonicalNumbers } from '../sending-events/canonical-body.ts'

const initialState = z.object({
  type: storableText,
  state_key: storableText.optional(),
  content: jsonObject,
})

export const createRoom = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/createRoom',
  auth: 'user',
  rateLimit: 'room-creation',
  body: z.object({
    visibility: z.enum(['public', 'private']).optional(),
    room_alias_name: storableText.optional(),
    name: z.string().optional(),
    topic: z.string().optional(),
    invite: z.array(userId).optional(),
    invite_3pid: z.array(jsonObject).optional(),
    room_version: z.string().optional(),
    creation_content: jsonObject.optional(),
    initial_state: z.array(initialState).optional(),
    preset: z.enum(['private_chat', 'public_chat', 'trusted_private_chat']).optional(),
    is_direct: z.boolean().optional(),
    power_level_content_override: jsonObject.optional(),
  }),
  async handler({ body, request, requester, ctx }) {
    requireCanonicalNumbers(request.rawBody)
    return { room_id: await ctx.roomCreation.createRoom(requester, body) }
  },
})
