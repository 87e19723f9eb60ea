// GET /_matrix/client/unstable/im.nheko.summary/summary/{roomIdOrAlias}
// https://github.com/matrix-org/matrix-spec-proposals/pull/3266
// Goes when no client that people use asks by these paths any more; /v1/room_summary is the stable one.
import { endpoint, queryList, z } from '#http/endpoint.ts'
import { roomAlias, roomId } from '#matrix/ids.ts'
import type { RoomSummary } from '#services/spaces/index.ts'

const params = z.object({ roomIdOrAlias: z.union([roomId, roomAlias]) })
const query = z.object({ via: queryList.optional() })

export const getRoomSummaryUnstable = endpoint({
  method: 'GET',
  path: '/_matrix/client/unstable/im.nheko.summary/summary/:roomIdOrAlias',
  auth: 'optional',
  params,
  query,
  async handler(input) {
    const room = await input.ctx.membership.resolve(input.params.roomIdOrAlias)
    return withOldNames(await input.ctx.spaces.summary(input.requester, room))
  },
})

/** The path of the proposal's first drafts. */
export const getRoomSummaryDraft = endpoint({
  method: 'GET',
  path: '/_matrix/client/unstable/im.nheko.summary/rooms/:roomIdOrAlias/summary',
  auth: 'optional',
  params,
  query,
  async handler(input) {
    const room = await input.ctx.membership.resolve(input.params.roomIdOrAlias)
    return withOldNames(await input.ctx.spaces.summary(input.requester, room))
  },
})

/** The fields under the names that they had before they were stable, too. */
function withOldNames(summary: RoomSummary) {
  const { room_version: version, encryption } = summary
  return {
    ...summary,
    'im.nheko.summary.version': version,
    'im.nheko.summary.room_version': version,
    ...(encryption !== undefined && { 'im.nheko.summary.encryption': encryption }),
  }
}
