import type { TestAnswer, TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'

/** Whoever makes requests. */
interface Caller {
  call(method: string, path: string, body?: unknown): Promise<TestAnswer>
}

/** A user whose requests go through another worker. */
export const through = (server: TestServer, { token }: TestUser): Caller => ({
  call: (method, path, body) =>
    server.request(method, `/_matrix/client/v3${path}`, { token, body }),
})

/** One search for room events. */
export async function search(
  user: Caller,
  term: string,
  criteria: Readonly<Record<string, unknown>> = {},
  nextBatch?: string,
): Promise<unknown> {
  const query = nextBatch === undefined ? '' : `?next_batch=${encodeURIComponent(nextBatch)}`
  const body = { search_categories: { room_events: { search_term: term, ...criteria } } }
  const answer = ok(await user.call('POST', `/search${query}`, body))
  return at(answer, 'search_categories', 'room_events')
}

/** IDs of the events found, in their order. */
export const ids = (answer: unknown): string[] =>
  list(answer, 'results').map((one) => text(one, 'result', 'event_id'))

/** What a search finds, without its order. */
export async function finds(user: Caller, term: string, criteria = {}): Promise<string[]> {
  return ids(await search(user, term, { order_by: 'recent', ...criteria })).sort()
}

/** IDs on all pages, following `next_batch`. */
export async function allPages(
  user: Caller,
  term: string,
  criteria: Readonly<Record<string, unknown>>,
  first?: string,
): Promise<string[][]> {
  const pages: string[][] = []
  let token = first
  do {
    const answer = await search(user, term, criteria, token)
    pages.push(ids(answer))
    const next = at(answer, 'next_batch')
    token = typeof next === 'string' ? next : undefined
  } while (token !== undefined && pages.length < 50)
  return pages
}

/** A room with messages, by its creator. */
export async function roomWith(
  user: TestUser,
  ...bodies: readonly string[]
): Promise<{ room: string; said: string[] }> {
  const room = await user.createRoom({ preset: 'public_chat' })
  const said: string[] = []
  for (const body of bodies) said.push(await user.say(room, body))
  return { room, said }
}

let transactions = 0

/** Sends an event of any type. */
export async function send(user: TestUser, room: string, type: string, content: unknown) {
  const path = `/rooms/${encodeURIComponent(room)}/send/${type}/search${++transactions}`
  return text(ok(await user.call('PUT', path, content)), 'event_id')
}

export async function redact(user: TestUser, room: string, event: string): Promise<void> {
  const path = `/rooms/${encodeURIComponent(room)}/redact/${encodeURIComponent(event)}/${++transactions}`
  ok(await user.call('PUT', path, {}))
}

/** An edit as clients send it. */
export function edit(user: TestUser, room: string, event: string, body: string): Promise<string> {
  return send(user, room, 'm.room.message', {
    msgtype: 'm.text',
    body: `* ${body}`,
    'm.new_content': { msgtype: 'm.text', body },
    'm.relates_to': { rel_type: 'm.replace', event_id: event },
  })
}

/** Up to where the index follows the log. */
export async function indexedTo(server: TestServer): Promise<number> {
  const { db } = server.ctx
  const row = await db.selectFrom('search_progress').select('done_to').executeTakeFirstOrThrow()
  return row.done_to
}
