// GET /_matrix/client/v3/joined_rooms
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3joined_rooms
import { endpoint } from '#http/endpoint.ts'

export const getJoinedRooms = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/joined_rooms',
  auth: 'user',
  async handler({ requester, ctx }) {
    return { joined_rooms: await ctx.membership.joinedRooms(requester.user) }
  },
})
