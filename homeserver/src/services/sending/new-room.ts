import type { AppendItem, Dictionary, EventRef, RoomKey } from '#log/types.ts'
import { isUserId, type RoomId } from '#matrix/ids.ts'
import { authTypes } from '#matrix/auth-rules/auth-types.ts'
import { checkAuth } from '#matrix/auth-rules/check-auth.ts'
import { PowerLevels } from '#matrix/auth-rules/power-levels.ts'
import { invalidRoomState, MatrixError } from '#matrix/errors.ts'
import type { RoomEvent, StateKeyString } from '#matrix/events/pdu.ts'
import { stateKeyString } from '#matrix/events/state-key.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'
import { notifyClass } from '#matrix/push-rules/notify-class.ts'
import { checkStateContent } from './check-content.ts'
import { makeEvent, makeItem, type MadeEvent, type Signer } from './make-item.ts'
import type { NewRoom, NewRoomEvent } from './types.ts'

export interface NewRoomDeps {
  readonly dictionary: Dictionary
  readonly signer: Signer
}

/** A room made up completely, ready for the log. */
export interface BuiltRoom {
  readonly roomId: RoomId
  readonly key: RoomKey
  readonly group: readonly AppendItem[]
}

/**
 * Builds a room's first events as one chain, each authorised by the state that those before it make.
 * @param ts `origin_server_ts` of all of them, milliseconds
 * @throws {MatrixError} 400 `M_INVALID_ROOM_STATE` when one is not allowed, 413 when one is too large
 */
export async function buildRoom(
  room: NewRoom,
  ts: number,
  { dictionary, signer }: NewRoomDeps,
): Promise<BuiltRoom> {
  const chain = new Chain(room, ts, signer)
  const made = room.events.map((event) => chain.add(event))
  const key = await dictionary.reserveRoom()
  const group: AppendItem[] = [
    { kind: 'room', room: key, roomId: chain.roomId, version: room.version.id },
  ]
  for (const event of made) group.push(await itemOf(event, key, room, chain, dictionary))
  return { roomId: chain.roomId, key, group }
}

/** The growing room: its last event and its state. */
class Chain {
  readonly #room: NewRoom
  readonly #ts: number
  readonly #signer: Signer
  readonly #state = new Map<StateKeyString, MadeEvent>()
  #roomId: RoomId | undefined
  #last: EventRef | undefined

  constructor(room: NewRoom, ts: number, signer: Signer) {
    this.#room = room
    this.#ts = ts
    this.#signer = signer
    this.#roomId = room.roomId
  }

  /** @throws {TypeError} before the create event */
  get roomId(): RoomId {
    if (this.#roomId === undefined) throw new TypeError('A room begins with its create event.')
    return this.#roomId
  }

  readonly lookup = (type: string, stateKey: string): RoomEvent | undefined =>
    this.#state.get(stateKeyString(type, stateKey))?.event

  add({ type, stateKey, content }: NewRoomEvent): MadeEvent {
    const { version, sender } = this.#room
    checkContent({ type, stateKey, content }, version)
    const request = { type, stateKey, content, sender: sender.userId }
    const draft = {
      ...request,
      version,
      roomId: this.#roomId,
      originServerTs: this.#ts,
      depth: (this.#last?.depth ?? 0) + 1,
    }
    const parents = this.#last === undefined ? [] : [this.#last]
    const auth = authTypes(request, version).flatMap(
      ([authType, key]) => this.#state.get(stateKeyString(authType, key))?.ref ?? [],
    )
    const made = makeEvent(draft, parents, auth, this.#signer)
    const verdict = checkAuth(made.event, this.lookup, version)
    if (!verdict.allowed) throw invalidRoomState(`${type}: ${verdict.reason}`)
    this.#roomId ??= made.event.roomId
    this.#last = made.ref
    this.#state.set(stateKeyString(type, stateKey), made)
    return made
  }
}

function checkContent({ type, stateKey, content }: NewRoomEvent, version: RoomVersion): void {
  try {
    checkStateContent(type, stateKey, content, version)
  } catch (error) {
    throw error instanceof MatrixError ? invalidRoomState(error.message) : error
  }
}

async function itemOf(
  made: MadeEvent,
  key: RoomKey,
  { sender, version }: NewRoom,
  chain: Chain,
  dictionary: Dictionary,
): Promise<AppendItem> {
  const { event } = made
  const member = event.type === 'm.room.member' ? event.stateKey : undefined
  return makeItem(made, key, {
    sender,
    stateVersion: undefined,
    notifies: notifyClass(event, PowerLevels.in(chain.lookup, version)).notifies,
    highlights: [],
    target: member !== undefined && isUserId(member) ? await dictionary.user(member) : undefined,
    redacts: undefined,
    thread: undefined,
    txn: undefined,
  })
}
