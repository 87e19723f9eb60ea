import type { LogReads } from '#log/reads.ts'
import type { Dictionary, Log, RoomInfo, UserKey } from '#log/types.ts'
import { MatrixError } from '#matrix/errors.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { isRoomId, type RoomId, type UserId } from '#matrix/ids.ts'
import { isJsonObject, own, type JsonObject } from '#matrix/json.ts'
import type { Logger } from '#platform/logger.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { PushRules } from '#services/push-rules/index.ts'
import { carriedRules } from './carried-rules.ts'
import { withSuccessor } from './direct-rooms.ts'

export interface CarriedSettingsDeps {
  readonly dictionary: Pick<Dictionary, 'room'>
  readonly reads: Pick<LogReads, 'accountData' | 'membershipsOf'>
  readonly roomStates: Pick<RoomStates, 'currentOf'>
  readonly log: Pick<Log, 'append'>
  readonly pushRules: Pick<PushRules, 'rulesOf' | 'put' | 'setEnabled'>
  readonly logger: Logger
}

interface UserRef {
  readonly key: UserKey
  readonly userId: UserId
}

/** What users have set for a room that was replaced. */
export interface CarriedSettings {
  /**
   * Gives a user who has come into a room the tags and push rules that they have for the one it
   * replaces, and takes it for as direct a chat. What they have set for it already stays. Nothing
   * happens unless the old room names this one as its successor, and the user has been in it.
   * https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-19
   */
  carryOver(user: UserRef, roomId: RoomId): Promise<void>
}

export function createCarriedSettings(deps: CarriedSettingsDeps): CarriedSettings {
  return {
    async carryOver(user, roomId) {
      const pair = await successorPair(user, roomId, deps)
      if (pair === undefined) return
      try {
        await carryTags(user.key, pair, deps)
        await carryDirect(user.key, pair, deps)
        await carryRules(user, pair, deps)
      } catch (error) {
        // the join itself has happened; settings that do not fit must not undo it
        if (!(error instanceof MatrixError)) throw error
        const { errcode } = error
        deps.logger.warn({ roomId, errcode }, 'settings of a replaced room were not carried over')
      }
    },
  }
}

interface Pair {
  readonly old: RoomInfo
  readonly next: RoomInfo
}

/** The room with the one that it replaces, if both say so and the user has been in the old one. */
async function successorPair(
  { key }: UserRef,
  roomId: RoomId,
  { dictionary, reads, roomStates }: CarriedSettingsDeps,
): Promise<Pair | undefined> {
  const next = await dictionary.room(roomId)
  const create = next && (await roomStates.currentOf(next.key, 'm.room.create', ''))
  const predecessor = create && own(create.roomEvent().content, 'predecessor')
  const oldId = isJsonObject(predecessor) ? own(predecessor, 'room_id') : undefined
  if (next === undefined || typeof oldId !== 'string' || !isRoomId(oldId)) return undefined
  const old = await dictionary.room(oldId)
  const row = old && (await reads.membershipsOf(key)).get(old.key)
  if (old === undefined || row === undefined || row.forgotten) return undefined
  const tombstone = await roomStates.currentOf(old.key, 'm.room.tombstone', '')
  const content = tombstone?.roomEvent().content
  return content !== undefined && own(content, 'replacement_room') === roomId
    ? { old, next }
    : undefined
}

async function carryTags(
  user: UserKey,
  { old, next }: Pair,
  { reads, log }: CarriedSettingsDeps,
): Promise<void> {
  const tags = await reads.accountData(user, old.key, 'm.tag')
  if (tags === undefined || tags.content === '{}') return
  if ((await reads.accountData(user, next.key, 'm.tag')) !== undefined) return
  const { type, content } = tags
  await log.append([{ kind: 'account_data', user, room: next.key, type, content }])
}

async function carryDirect(
  user: UserKey,
  { old, next }: Pair,
  { reads, log }: CarriedSettingsDeps,
): Promise<void> {
  const stored = await reads.accountData(user, undefined, 'm.direct')
  const direct: JsonObject | undefined = stored && objectIn(stored.content)
  const changed = direct && withSuccessor(direct, old.roomId, next.roomId)
  if (changed === undefined) return
  const content = JSON.stringify(changed)
  await log.append([{ kind: 'account_data', user, room: undefined, type: 'm.direct', content }])
}

function objectIn(text: string): JsonObject | undefined {
  const value = parseJson(text)
  return isJsonObject(value) ? value : undefined
}

async function carryRules(
  user: UserRef,
  { old, next }: Pair,
  { pushRules }: CarriedSettingsDeps,
): Promise<void> {
  const rules = carriedRules(await pushRules.rulesOf(user), old.roomId, next.roomId)
  for (const { kind, enabled, input } of rules) {
    await pushRules.put(user, kind, next.roomId, input, {})
    if (!enabled) await pushRules.setEnabled(user, kind, next.roomId, false)
  }
}
