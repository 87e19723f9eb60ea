import { at, listAt } from '../../target/json.ts'
import type { User } from '../../target/user.ts'
import { readAnswer, readMessages, type Delivered, type DeliveredMessage } from './delivered.ts'
import { Refused } from './persistent-call.ts'

const PAGE = '100'
const FILTER = JSON.stringify({ room: { timeline: { limit: Number(PAGE) } } })

/** An answer with what it left out. */
export interface CaughtUp extends Delivered {
  /** By room: the messages of the gap, in any order and perhaps with some that the client has. */
  readonly gaps: ReadonlyMap<string, readonly DeliveredMessage[]>
}

export interface CatchUpOptions {
  /** How long the server may wait for news. */
  readonly timeoutMs: number
  /** How long it may take beyond that, for each request. */
  readonly patienceMs: number
}

/**
 * One `/sync`, and `/messages` for what it left out.
 * @throws {Refused} for an answer that no fault excuses
 * @throws {Error} when there is none, or a server error
 */
export async function catchUp(
  user: User,
  since: string | undefined,
  { timeoutMs, patienceMs }: CatchUpOptions,
): Promise<CaughtUp> {
  const query = new URLSearchParams({
    timeout: String(timeoutMs),
    filter: FILTER,
    ...(since !== undefined && { since }),
  })
  const path = `/_matrix/client/v3/sync?${query}`
  const delivered = readAnswer(await get(user, path, timeoutMs + patienceMs))
  const gaps = new Map<string, DeliveredMessage[]>()
  for (const { roomId, gapFrom } of delivered.rooms) {
    if (gapFrom === undefined) continue
    gaps.set(roomId, await readGap(user, roomId, { from: gapFrom, to: since, patienceMs }))
  }
  return { ...delivered, gaps }
}

async function readGap(
  user: User,
  roomId: string,
  { from, to, patienceMs }: { from: string; to: string | undefined; patienceMs: number },
): Promise<DeliveredMessage[]> {
  const messages: DeliveredMessage[] = []
  for (let token = from; ;) {
    const query = new URLSearchParams({ dir: 'b', limit: PAGE, from: token })
    if (to !== undefined) query.set('to', to)
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/messages?${query}`
    const body = await get(user, path, patienceMs)
    messages.unshift(...readMessages(listAt(body, 'chunk')).toReversed())
    const end = at(body, 'end')
    if (typeof end !== 'string' || end === token) return messages
    token = end
  }
}

async function get(user: User, path: string, patienceMs: number): Promise<unknown> {
  const answer = await user.call('GET', path, undefined, patienceMs)
  if (answer.status === 200) return answer.body
  const text = `${path}: ${answer.status} ${answer.text.slice(0, 500)}`
  throw answer.status < 500 ? new Refused(text) : new Error(text)
}
