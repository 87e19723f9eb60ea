import { expect } from 'vitest'
import type { TestAnswer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'

/** Path of a room's operation below `/_matrix/client/v3`; each part is escaped. */
export const inRoom = (roomId: string, ...parts: readonly string[]): string =>
  `/rooms/${[roomId, ...parts].map(encodeURIComponent).join('/')}`

/** Asserts an error answer. */
export function expectError(answer: TestAnswer, status: number, errcode: string): void {
  expect({ status: answer.status, errcode: at(answer.body, 'errcode') }).toEqual({
    status,
    errcode,
  })
}

/** Content of a state event. */
export async function stateOf(user: TestUser, roomId: string, type: string, key = '') {
  return ok(await user.call('GET', inRoom(roomId, 'state', type, key)))
}

/** A page of a room's history. */
export interface Page {
  readonly events: readonly unknown[]
  readonly ids: readonly string[]
  readonly start: string
  readonly end: string | undefined
  readonly state: readonly unknown[]
}

/** `GET /messages` */
export async function messages(
  user: TestUser,
  roomId: string,
  query: Readonly<Record<string, string>>,
): Promise<Page> {
  const search = new URLSearchParams(query).toString()
  const body = ok(await user.call('GET', `${inRoom(roomId, 'messages')}?${search}`))
  const events = list(body, 'chunk')
  const end = at(body, 'end')
  return {
    events,
    ids: events.map((event) => text(event, 'event_id')),
    start: text(body, 'start'),
    end: typeof end === 'string' ? end : undefined,
    state: list(body, 'state'),
  }
}

/** Event IDs of all pages from a place on, as a client collects them. */
export async function allMessages(
  user: TestUser,
  roomId: string,
  query: Readonly<Record<string, string>>,
): Promise<string[]> {
  const ids: string[] = []
  let from = query['from']
  for (let pages = 0; pages < 100; pages++) {
    const page = await messages(user, roomId, { ...query, ...(from !== undefined && { from }) })
    ids.push(...page.ids)
    if (page.end === undefined) return ids
    from = page.end
  }
  throw new Error('The history does not end.')
}
