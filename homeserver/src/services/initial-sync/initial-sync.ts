import type { LogReads } from '#log/reads.ts'
import type { Log } from '#log/types.ts'
import type { RoomId } from '#matrix/ids.ts'
import type { Directory } from '#services/directory/index.ts'
import type { Requester } from '#services/sessions/index.ts'
import type { createSync } from '#services/sync/index.ts'
import type { Timeline } from '#services/timeline/index.ts'
import type { Access } from '#services/visibility/index.ts'
import type { SyncTokens } from '#log/index.ts'
import { everyRoom, type RoomListDeps } from './room-list.ts'

export interface InitialSyncDeps extends RoomListDeps {
  readonly sync: Pick<ReturnType<typeof createSync>, 'filterOf' | 'sync'>
  readonly timeline: Timeline
  readonly access: Access
  readonly directory: Pick<Directory, 'isPublished' | 'publishedAmong'>
  readonly log: Pick<Log, 'head'>
  readonly reads: LogReads
  readonly tokens: Pick<SyncTokens, 'encode'>
}

export interface InitialSyncRequest {
  /** Messages of each room. */
  readonly limit: number
  /** Also rooms that the user has left. */
  readonly archived: boolean
}

/** The snapshots that there were before `/sync`, as JSON texts. */
export interface InitialSync {
  /** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3initialsync */
  all(requester: Requester, request: InitialSyncRequest, signal: AbortSignal): Promise<string>
  /**
   * https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidinitialsync
   * @throws {MatrixError} 403 for who may not read the room
   */
  room(requester: Requester, roomId: RoomId, limit: number): Promise<string>
}

/** Makes the service. */
export function createInitialSync(deps: InitialSyncDeps): InitialSync {
  return {
    async all(requester, { limit, archived }, signal) {
      const room = { timeline: { limit }, include_leave: archived }
      const text = await deps.sync.sync(
        requester,
        {
          since: undefined,
          filter: await deps.sync.filterOf(requester.user, JSON.stringify({ room })),
          fullState: false,
          timeout: 0,
          stateField: 'state_after',
          confirm: () => Promise.resolve(),
        },
        signal,
      )
      return await everyRoom(requester, text, deps)
    },

    async room(requester, roomId, limit) {
      const access = await deps.access.read(requester.user, roomId)
      const end = deps.tokens.encode({ pos: deps.log.head, inbox: undefined, ephemeral: undefined })
      const rows = await deps.reads.membershipsOf(requester.user)
      const range = { after: 0, upTo: deps.log.head }
      const [page, state, isPublic, data] = await Promise.all([
        deps.timeline.messages(requester, roomId, { dir: 'b', limit, filter: {} }),
        deps.timeline.state(requester, roomId),
        deps.directory.isPublished(roomId),
        deps.reads.accountDataOf(requester.user, range),
      ])
      const accountData = data
        .filter(({ room, content }) => room === access.room.key && content !== '{}')
        .map(({ type, content }) => `{"type":${JSON.stringify(type)},"content":${content}}`)
      const head = {
        room_id: roomId,
        membership: rows.get(access.room.key)?.membership,
        visibility: isPublic ? 'public' : 'private',
      }
      const start = page.end === undefined ? '' : `"start":${JSON.stringify(page.end)},`
      return (
        `${JSON.stringify(head).slice(0, -1)},"messages":{${start}"end":${JSON.stringify(end)},` +
        `"chunk":[${page.chunk.toReversed().join(',')}]},"state":[${state.join(',')}],` +
        `"account_data":[${accountData.join(',')}]}`
      )
    },
  }
}
