import type { Forgetting } from '#log/forgetting.ts'
import type { LogReads } from '#log/reads.ts'
import type { Dictionary, Log, UserKey } from '#log/types.ts'
import { MatrixError, notFound } from '#matrix/errors.ts'
import type { RoomId } from '#matrix/ids.ts'

export interface ForgetDeps {
  readonly dictionary: Pick<Dictionary, 'room'>
  readonly reads: Pick<LogReads, 'membershipsOf'>
  readonly forgetting: Forgetting
  readonly log: Pick<Log, 'append' | 'catchUp'>
}

/** See `Membership.forget`. */
export async function forget(user: UserKey, roomId: RoomId, deps: ForgetDeps): Promise<void> {
  const { dictionary, reads, forgetting, log } = deps
  const room = await dictionary.room(roomId)
  if (room === undefined) throw neverThere()
  if (!(await forgetting.forget(user, room.key))) {
    // another worker may know more
    await log.catchUp()
    const row = (await reads.membershipsOf(user)).get(room.key)
    if (row === undefined) throw neverThere()
    throw new MatrixError(400, 'M_UNKNOWN', `Your membership in ${roomId} is ${row.membership}.`)
  }
  // every worker drops what it remembers of the user's rooms
  await log.append([{ kind: 'invalidation', what: 'user', key: String(user) }])
}

/** The same for rooms that do not exist, so that nobody can find out which do. */
const neverThere = () => notFound('You have not been in this room.')
