// POST /_matrix/client/v3/rooms/{roomId}/upgrade
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidupgrade
import { endpoint, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'

export const upgradeRoom = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/rooms/:roomId/upgrade',
  auth: 'user',
  params: z.object({ roomId }),
  body: z.object({
    new_version: z.string(),
    additional_creators: z.array(z.string()).optional(),
  }),
  async handler({ params, body, requester, ctx }) {
    const successor = await ctx.roomUpgrades.upgrade(requester, params.roomId, {
      newVersion: body.new_version,
      additionalCreators: body.additional_creators,
    })
    return { replacement_room: successor }
  },
})
