// GET /_matrix/client/v3/rooms/{roomId}/joined_members
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidjoined_members
import { endpoint, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'

export const getJoinedMembersByRoom = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/rooms/:roomId/joined_members',
  auth: 'user',
  params: z.object({ roomId }),
  async handler({ params, requester, ctx }) {
    const members = await ctx.timeline.joinedMembers(requester, params.roomId)
    return { joined: Object.fromEntries(members) }
  },
})
