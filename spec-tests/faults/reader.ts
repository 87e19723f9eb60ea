import { at, listAt, stringAt } from '../target/json.ts'
import { expectOk, type User } from '../target/user.ts'
import type { Issued } from './journal.ts'
import { patiently } from './patiently.ts'

const PAGE = 100

/** A timeline event's id when it is a message of the room under test. */
function messageIds(events: readonly unknown[]): string[] {
  return events
    .filter((event) => at(event, 'type') === 'm.room.message')
    .map((event) => stringAt(event, 'event_id'))
}

/**
 * Every message id of a room, newest first, by walking `/messages` from the end.
 * @param known where to stop: at the first message that it has
 */
export async function walkMessages(
  user: User,
  roomId: string,
  known: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  return walkBack(user, roomId, { known })
}

interface Stretch {
  readonly from?: string
  readonly to?: string
  readonly known?: ReadonlySet<string>
}

async function walkBack(
  user: User,
  roomId: string,
  { from, to, known }: Stretch,
): Promise<string[]> {
  const ids: string[] = []
  let token = from
  for (;;) {
    const query = new URLSearchParams({ dir: 'b', limit: String(PAGE) })
    if (token !== undefined) query.set('from', token)
    if (to !== undefined) query.set('to', to)
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/messages?${query}`
    const body = await patiently(async () => expectOk(await user.call('GET', path)))
    for (const id of messageIds(listAt(body, 'chunk'))) {
      if (known?.has(id) === true) return ids
      ids.push(id)
    }
    const end = at(body, 'end')
    if (typeof end !== 'string' || end === token) return ids
    token = end
  }
}

/**
 * All messages that a token still owes: one `/sync` from it, repeated until nothing comes, gaps
 * filled through `/messages` between the token and `prev_batch`.
 */
export async function owedSince(user: User, roomId: string, since: string): Promise<string[]> {
  const ids: string[] = []
  const filter = JSON.stringify({ room: { timeline: { limit: PAGE } } })
  let token = since
  for (;;) {
    const query = { since: token, timeout: '0', filter }
    const body = await patiently(() => user.sync(query))
    const timeline = at(body, 'rooms', 'join', roomId, 'timeline')
    const found = messageIds(listAt(timeline, 'events'))
    if (at(timeline, 'limited') === true) {
      const from = stringAt(timeline, 'prev_batch')
      const gap = await walkBack(user, roomId, { from, to: token })
      ids.push(...gap.toReversed())
    }
    ids.push(...found)
    const next = stringAt(body, 'next_batch')
    if (next === token || (found.length === 0 && at(timeline, 'limited') !== true)) return ids
    token = next
  }
}

/** A client that long-polls through every outage and notes each token it was given. */
export class SyncChain {
  readonly received: string[] = []
  readonly issued: Issued[] = []
  readonly user: User
  readonly #roomId: string
  #since: string | undefined

  constructor(user: User, roomId: string) {
    this.user = user
    this.#roomId = roomId
  }

  /** The token that the next request presents. */
  get since(): string | undefined {
    return this.#since
  }

  /** Forgets everything and goes on from a full answer, as a client does that was sent one. */
  startOver(answer: unknown): void {
    this.received.length = 0
    this.issued.length = 0
    this.#note(answer)
  }

  /** One request; throws what the server's absence throws. */
  async step(timeoutMs: number): Promise<void> {
    const filter = JSON.stringify({ room: { timeline: { limit: PAGE } } })
    const since = this.#since
    const body = await this.user.sync({
      timeout: String(timeoutMs),
      filter,
      ...(since !== undefined && { since }),
    })
    const timeline = at(body, 'rooms', 'join', this.#roomId, 'timeline')
    if (at(timeline, 'limited') === true && since !== undefined) {
      const from = stringAt(timeline, 'prev_batch')
      const gap = await walkBack(this.user, this.#roomId, { from, to: since })
      this.received.push(...gap.toReversed())
    }
    this.#note(body)
  }

  /** A request that waits for nothing, repeated until it is answered. */
  async catchUp(): Promise<void> {
    await patiently(() => this.step(0))
  }

  #note(answer: unknown): void {
    const timeline = at(answer, 'rooms', 'join', this.#roomId, 'timeline')
    this.received.push(...messageIds(listAt(timeline, 'events')))
    this.#since = stringAt(answer, 'next_batch')
    this.issued.push({ token: this.#since, received: this.received.length })
  }
}
