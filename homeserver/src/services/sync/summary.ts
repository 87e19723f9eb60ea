import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import type { Hero, RoomMembers } from '#log/reads-summary.ts'
import type { LogEntry, RoomKey, StoredEvent, UserKey } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { isJsonObject, own } from '#matrix/json.ts'
import type { SyncDeps } from './types.ts'

/** Enough for five heroes beside the reader. */
const READ_HEROES = 6
const MAX_HEROES = 5
const MAX_ROOMS = 5_000

/** A room's summary for one reader. */
export interface Summary {
  /** Undefined where the room has a name. */
  readonly heroes: readonly Hero[] | undefined
  readonly joined: number
  readonly invited: number
}

type Deps = Pick<SyncDeps, 'log' | 'reads' | 'summaryReads' | 'roomStates'>

/** Summaries of rooms, shared by all readers until the room's members change. */
export class Summaries {
  readonly #deps: Deps
  readonly #members = new LRUCache<RoomKey, Promise<RoomMembers | undefined>>(upTo(MAX_ROOMS))

  constructor(deps: Deps) {
    this.#deps = deps
    deps.log.subscribe((entries) => this.#follow(entries))
    deps.log.onReset(() => this.#members.clear())
  }

  /** One room's summary; its name is looked up in the current state. */
  async of(room: RoomKey, reader: UserKey): Promise<Summary | undefined> {
    const [name, alias] = await Promise.all([
      this.#deps.roomStates.currentOf(room, 'm.room.name', ''),
      this.#deps.roomStates.currentOf(room, 'm.room.canonical_alias', ''),
    ])
    const named = isNamed([name, alias])
    const members = await (named ? this.#counts(room) : this.#withHeroes(room))
    return members && summaryOf(members, named, reader)
  }

  /** Summaries of many rooms whose names are known, in one read. */
  async ofMany(
    rooms: readonly RoomKey[],
    named: ReadonlySet<RoomKey>,
    reader: UserKey,
  ): Promise<Map<RoomKey, Summary>> {
    const options = { named, limit: READ_HEROES }
    const found = await this.#deps.summaryReads.roomMembers(rooms, options)
    return new Map(
      Array.from(found, ([room, members]) => [room, summaryOf(members, named.has(room), reader)]),
    )
  }

  async #counts(room: RoomKey): Promise<RoomMembers> {
    return { ...(await this.#deps.reads.memberCounts(room)), heroes: [] }
  }

  #withHeroes(room: RoomKey): Promise<RoomMembers | undefined> {
    const known = this.#members.get(room)
    if (known !== undefined) return known
    const read = this.#deps.summaryReads
      .roomMembers([room], { named: new Set(), limit: READ_HEROES })
      .then((found) => found.get(room))
    this.#members.set(room, read)
    read.catch(() => this.#members.delete(room))
    return read
  }

  #follow(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      if (entry.kind === 'event' && entry.membership !== undefined) {
        this.#members.delete(entry.event.room)
      }
    }
  }
}

function summaryOf(members: RoomMembers, named: boolean, reader: UserKey): Summary {
  const others = members.heroes.filter(({ user }) => user !== reader)
  const present = others.filter((hero) => hero.present)
  const heroes = (present.length > 0 ? present : others).slice(0, MAX_HEROES)
  return {
    heroes: named ? undefined : heroes,
    joined: members.joined,
    invited: members.invited,
  }
}

/** True when the room's name or main alias says what to call it. */
export function isNamed(events: Iterable<StoredEvent | undefined>): boolean {
  for (const event of events) {
    if (event === undefined || event.stateKey !== '') continue
    if (event.type === 'm.room.name' && isFilled(event, 'name')) return true
    if (event.type === 'm.room.canonical_alias' && isFilled(event, 'alias')) return true
  }
  return false
}

function isFilled(event: StoredEvent, key: string): boolean {
  // a redaction leaves neither names nor aliases
  if (event.redactedBy !== undefined) return false
  const content = parseJson(event.json.slice(event.contentAt, event.contentEnd))
  const value = isJsonObject(content) ? own(content, key) : undefined
  return typeof value === 'string' && value !== ''
}

/** The summary as the API shows it. */
export function summaryJson(summary: Summary, userIds: ReadonlyMap<UserKey, UserId>): string {
  const heroes = summary.heroes?.map(({ user }) => userIds.get(user))
  return JSON.stringify({
    ...(heroes !== undefined && { 'm.heroes': heroes }),
    'm.joined_member_count': summary.joined,
    'm.invited_member_count': summary.invited,
  })
}
