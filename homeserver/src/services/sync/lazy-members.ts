import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import type { DeviceKey, RoomKey } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'

const MAX_DEVICES = 2_000
/** Members remembered for a device before it starts anew. */
const MAX_MEMBERS = 50_000

type Rooms = Map<RoomKey, Set<UserId>>

/** What one device has been sent. */
interface DeviceMemory {
  /** The token that answered with everything in `sent`. */
  token: string
  readonly sent: Rooms
  size: number
  /** What the latest answer added; it counts once the device presents that answer's token. */
  next: { readonly token: string; readonly session: LazySession } | undefined
}

/** The memberships that one answer may leave out, and those that it adds. */
export class LazySession {
  readonly sent: Rooms
  readonly added: Rooms = new Map()
  /** Rooms that begin anew: what was sent earlier no longer counts. */
  readonly restarted = new Set<RoomKey>()

  constructor(sent: Rooms) {
    this.sent = sent
  }

  /** True when the device has the member's event already. */
  knows(room: RoomKey, user: UserId): boolean {
    if (this.added.get(room)?.has(user) === true) return true
    return !this.restarted.has(room) && this.sent.get(room)?.has(user) === true
  }

  add(room: RoomKey, user: UserId): void {
    const users = this.added.get(room)
    if (users === undefined) this.added.set(room, new Set([user]))
    else users.add(user)
  }

  /** Forgets what was sent of a room, before its full state is sent. */
  restart(room: RoomKey): void {
    this.restarted.add(room)
    this.added.delete(room)
  }
}

/**
 * Which memberships each device has been sent under lazy loading. An answer counts only when the
 * device comes back with its token; with any other token, or after a restart, it is sent everything
 * again. https://spec.matrix.org/v1.19/client-server-api/#lazy-loading-room-members
 */
export class LazyMembers {
  readonly #devices = new LRUCache<DeviceKey, DeviceMemory>(upTo(MAX_DEVICES))

  /** Forgets everything: the tokens that it stands on are of another history. */
  clear(): void {
    this.#devices.clear()
  }

  /** Starts an answer to a request with this `since`. */
  begin(device: DeviceKey, since: string | undefined): LazySession {
    const memory = this.#devices.get(device)
    if (memory === undefined || since === undefined) return new LazySession(new Map())
    if (memory.next?.token === since) settle(memory, memory.next)
    return new LazySession(memory.token === since ? memory.sent : new Map())
  }

  /** Notes what an answer sent, before it goes out. */
  commit(
    device: DeviceKey,
    since: string | undefined,
    session: LazySession,
    nextBatch: string,
  ): void {
    const memory = this.#devices.get(device)
    const next = { token: nextBatch, session }
    if (memory !== undefined && memory.sent === session.sent && memory.token === since) {
      if (nextBatch !== since) memory.next = next
      return
    }
    this.#devices.set(device, { token: since ?? '', sent: new Map(), size: 0, next })
  }
}

function settle(memory: DeviceMemory, next: NonNullable<DeviceMemory['next']>): void {
  const { session, token } = next
  for (const room of session.restarted) {
    memory.size -= memory.sent.get(room)?.size ?? 0
    memory.sent.delete(room)
  }
  for (const [room, users] of session.added) {
    const known = memory.sent.get(room) ?? new Set<UserId>()
    memory.size += users.size
    for (const user of users) known.add(user)
    memory.sent.set(room, known)
  }
  if (memory.size > MAX_MEMBERS) {
    memory.sent.clear()
    memory.size = 0
  }
  memory.token = token
  memory.next = undefined
}
