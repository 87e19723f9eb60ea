import { setImmediate } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import type { LogReads } from '#log/reads.ts'
import type { Dictionary, Log, Point, RoomInfo, StoredEvent } from '#log/types.ts'
import { PowerLevels } from '#matrix/auth-rules/power-levels.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import type { RoomEvent } from '#matrix/events/pdu.ts'
import { isEventId } from '#matrix/ids.ts'
import { isJsonObject, own } from '#matrix/json.ts'
import { firstMatch, NO_PUSH, type PushResult } from '#matrix/push-rules/evaluate.ts'
import type { RoomStates } from '#room-state/types.ts'
import { contentJson } from '#services/timeline/index.ts'
import type { RuleBook, UserRef } from './rule-book.ts'
import type { UserRules } from './user-rules.ts'

export interface PushEvaluatorDeps {
  readonly log: Pick<Log, 'onReset'>
  readonly ruleBook: RuleBook
  readonly dictionary: Pick<Dictionary, 'roomByKey'>
  readonly reads: Pick<LogReads, 'memberCounts'>
  readonly roomStates: Pick<RoomStates, 'at' | 'pointBefore'>
}

/** Events judged between two turns of the event loop: about a millisecond's work. */
const SLICE = 100
const MAX_LEVELS = 1000

/**
 * What events do to one user under the user's own rules. Asked when somebody wants to know (a count,
 * a notification, a list), never when an event is sent. Power levels and names are those at the
 * event, the number of members is that of now. Redacted events are judged as they are now.
 * https://spec.matrix.org/v1.19/client-server-api/#push-rules
 */
export class PushEvaluator {
  readonly #deps: PushEvaluatorDeps
  readonly #levels = new LRUCache<string, PowerLevels>(upTo(MAX_LEVELS))

  constructor(deps: PushEvaluatorDeps) {
    this.#deps = deps
    deps.log.onReset(() => this.#levels.clear())
  }

  /** The results in the order of the events. Own events and those of ignored users do nothing. */
  async judge(user: UserRef, events: readonly StoredEvent[]): Promise<PushResult[]> {
    const rules = await this.#deps.ruleBook.of(user)
    const results: PushResult[] = []
    for (const event of events) {
      if (results.length > 0 && results.length % SLICE === 0) await setImmediate()
      results.push(await this.#judge(user, rules, event))
    }
    return results
  }

  async #judge(user: UserRef, rules: UserRules, stored: StoredEvent): Promise<PushResult> {
    if (stored.sender === user.key || rules.ignored.has(stored.senderId)) return NO_PUSH
    const room = await this.#deps.dictionary.roomByKey(stored.room)
    const event = roomEventOf(stored, room)
    const { joined } = await this.#deps.reads.memberCounts(stored.room)
    const levels = rules.needsLevels(event.content) ? await this.#levelsAt(stored, room) : NO_LEVELS
    const displayName = rules.needsDisplayName ? await this.#nameAt(stored, user) : undefined
    return firstMatch(rules.compiled, event, { memberCount: joined, levels, displayName })
  }

  async #levelsAt(stored: StoredEvent, room: RoomInfo): Promise<PowerLevels> {
    const point = this.#deps.roomStates.pointBefore(stored)
    const key = `${point?.line}/${point?.idx}`
    const known = this.#levels.get(key)
    if (known !== undefined) return known
    const [event, create] = await Promise.all([
      this.#stateAt(point, 'm.room.power_levels', ''),
      this.#stateAt(point, 'm.room.create', ''),
    ])
    const levels = new PowerLevels(event, create, room.version)
    if (point !== undefined) this.#levels.set(key, levels)
    return levels
  }

  async #nameAt(stored: StoredEvent, { userId }: UserRef): Promise<string | undefined> {
    const point = this.#deps.roomStates.pointBefore(stored)
    const member = await this.#stateAt(point, 'm.room.member', userId)
    const name = member && own(member.content, 'displayname')
    return typeof name === 'string' ? name : undefined
  }

  async #stateAt(
    point: Point | undefined,
    type: string,
    stateKey: string,
  ): Promise<RoomEvent | undefined> {
    if (point === undefined) return undefined
    return (await this.#deps.roomStates.at(point, type, stateKey))?.roomEvent()
  }
}

/** For events that no rule asks the levels about. */
const NO_LEVELS = { levelOf: () => 0, notificationLevel: () => Infinity }

function roomEventOf(stored: StoredEvent, room: RoomInfo): RoomEvent {
  const content = parseJson(contentJson(stored, room.version))
  return {
    eventId: stored.eventId,
    roomId: room.roomId,
    type: stored.type,
    stateKey: stored.stateKey,
    sender: stored.senderId,
    content: isJsonObject(content) ? content : {},
    originServerTs: stored.ts,
    depth: stored.depth,
    prevEvents: [],
    authEvents: [],
    redacts: redactsOf(stored),
    rejected: false,
  }
}

function redactsOf(stored: StoredEvent): RoomEvent['redacts'] {
  if (stored.type !== 'm.room.redaction') return undefined
  const pdu = parseJson(stored.json)
  const redacts = isJsonObject(pdu) ? own(pdu, 'redacts') : undefined
  return typeof redacts === 'string' && isEventId(redacts) ? redacts : undefined
}
