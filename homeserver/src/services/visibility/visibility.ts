import { EventFlag } from '#log/types.ts'
import type { LogReads } from '#log/reads.ts'
import type { TimelineReads } from '#log/reads-timeline.ts'
import type { Dictionary, Point, RoomKey, StoredEvent, UserKey } from '#log/types.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import { own } from '#matrix/json.ts'
import type { RoomStates } from '#room-state/types.ts'
import { participation, type Participation, type UserRef } from './membership-history.ts'
import { mayUserSee } from './rules.ts'

/** The one place that decides which events of a room a user may see. */
export interface Visibility {
  /**
   * Whether the user may see an event, by the state of the room at that event. Rejected and
   * soft-failed events and outliers are seen by nobody.
   * https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-7
   */
  canSee(user: UserKey, event: StoredEvent): Promise<boolean>
  /** The same for many events, in their order; equal states are read once. */
  canSee(user: UserKey, events: readonly StoredEvent[]): Promise<boolean[]>
}

export interface VisibilityDeps {
  readonly roomStates: RoomStates
  readonly dictionary: Pick<Dictionary, 'userByKey'>
  readonly reads: Pick<LogReads, 'membershipsOf'>
  readonly timelineReads: Pick<TimelineReads, 'placesOfLate'>
}

const HIDDEN = EventFlag.rejected | EventFlag.softFailed | EventFlag.outlier

/** Judges the events of one room for one user; remembers the states it has read. */
class Judge {
  readonly #user: UserRef
  readonly #participation: Participation
  readonly #forgotten: boolean
  readonly #roomStates: RoomStates
  readonly #timelineReads: Pick<TimelineReads, 'placesOfLate'>
  readonly #states = new Map<string, Promise<[visibility: unknown, membership: unknown]>>()

  constructor(
    user: UserRef,
    past: { readonly participation: Participation; readonly forgotten: boolean },
    { roomStates, timelineReads }: Pick<VisibilityDeps, 'roomStates' | 'timelineReads'>,
  ) {
    this.#user = user
    this.#participation = past.participation
    this.#forgotten = past.forgotten
    this.#roomStates = roomStates
    this.#timelineReads = timelineReads
  }

  async judge(event: StoredEvent): Promise<boolean> {
    if ((event.flags & HIDDEN) !== 0 || event.point === undefined) return false
    if (this.#sinceJoined(event.point) || this.#isOwnMembership(event)) return true
    const before = this.#roomStates.pointBefore(event)
    if (await this.#allowsAt(before, event)) return true
    return changesVisibility(event) && (await this.#allowsAt(event.point, event))
  }

  /** Most events by far: the user is joined, and was when the event was sent. */
  #sinceJoined(point: Point): boolean {
    const { kind } = this.#participation
    if (kind !== 'joined') return false
    const joined = this.#participation.member.point
    return joined !== undefined && joined.line === point.line && point.idx >= joined.idx
  }

  /**
   * The rules show it to whom the membership before or after would let see it. Others of a user's own
   * memberships, such as a ban after leaving, `/sync` has told them anyway.
   */
  #isOwnMembership({ type, stateKey }: StoredEvent): boolean {
    return type === 'm.room.member' && stateKey === this.#user.userId
  }

  /** @param point undefined: before there was any state */
  async #allowsAt(point: Point | undefined, event: StoredEvent): Promise<boolean> {
    const [historyVisibility, membership] = point === undefined ? [] : await this.#stateAt(point)
    // a forgotten room is a stranger's
    if (this.#forgotten) return historyVisibility === 'world_readable'
    const joinedLater = await this.#joinedAfter(event)
    return mayUserSee({ historyVisibility, membership, joinedLater })
  }

  /** By places in the log: the position of an event that came late is from before all others. */
  async #joinedAfter(event: StoredEvent): Promise<boolean> {
    const past = this.#participation
    if (past.kind !== 'left') return past.kind === 'joined'
    const places = await this.#timelineReads.placesOfLate([event.pos, past.end.pos])
    const placeOf = ({ pos }: StoredEvent) => places.get(pos) ?? pos
    return placeOf(event) < placeOf(past.end)
  }

  #stateAt(point: Point): Promise<[unknown, unknown]> {
    const key = `${point.line}/${point.idx}`
    const known = this.#states.get(key)
    if (known !== undefined) return known
    const state = this.#readState(point)
    this.#states.set(key, state)
    return state
  }

  async #readState(point: Point): Promise<[unknown, unknown]> {
    const [visibility, member] = await Promise.all([
      this.#roomStates.at(point, 'm.room.history_visibility', ''),
      this.#roomStates.at(point, 'm.room.member', this.#user.userId),
    ])
    const content = visibility?.roomEvent().content
    return [content && own(content, 'history_visibility'), membershipOf(member?.roomEvent())]
  }
}

class StateVisibility implements Visibility {
  readonly #deps: VisibilityDeps

  constructor(deps: VisibilityDeps) {
    this.#deps = deps
  }

  canSee(user: UserKey, event: StoredEvent): Promise<boolean>
  canSee(user: UserKey, events: readonly StoredEvent[]): Promise<boolean[]>
  async canSee(
    user: UserKey,
    events: StoredEvent | readonly StoredEvent[],
  ): Promise<boolean | boolean[]> {
    if ('pos' in events) {
      const judge = await this.#judgeOf(user, events.room)
      return await judge.judge(events)
    }
    const judges = new Map<RoomKey, Promise<Judge>>()
    for (const { room } of events) {
      if (!judges.has(room)) judges.set(room, this.#judgeOf(user, room))
    }
    return await Promise.all(
      events.map(async (event) => (await judges.get(event.room))?.judge(event) ?? false),
    )
  }

  async #judgeOf(key: UserKey, room: RoomKey): Promise<Judge> {
    const { dictionary, reads, roomStates } = this.#deps
    const { userId } = await dictionary.userByKey(key)
    const user = { key, userId }
    const memberships = await reads.membershipsOf(key)
    const past = {
      participation: await participation(room, user, roomStates),
      forgotten: memberships.get(room)?.forgotten === true,
    }
    return new Judge(user, past, this.#deps)
  }
}

/** May also be seen by its result. */
const changesVisibility = ({ type, stateKey }: StoredEvent): boolean =>
  type === 'm.room.history_visibility' && stateKey === ''

export function createVisibility(deps: VisibilityDeps): Visibility {
  return new StateVisibility(deps)
}
