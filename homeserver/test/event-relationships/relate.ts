import type { TestAnswer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { inRoom } from '../rooms/room-paths.ts'

let requests = 0

/** Sends an event of any content. @returns the answer */
export async function send(
  user: TestUser,
  roomId: string,
  type: string,
  content: unknown,
  txn = `r${(requests += 1)}`,
): Promise<TestAnswer> {
  return await user.call('PUT', inRoom(roomId, 'send', type, txn), content)
}

/** Content that relates to an event. */
export const relatedTo = (
  eventId: string,
  relType: string,
  body = relType,
  more: Readonly<Record<string, unknown>> = {},
) => ({
  msgtype: 'm.text',
  body,
  'm.relates_to': { rel_type: relType, event_id: eventId },
  ...more,
})

/** @returns the event's ID */
export async function relate(
  user: TestUser,
  roomId: string,
  eventId: string,
  relType: string,
  body?: string,
): Promise<string> {
  const content = relatedTo(eventId, relType, body)
  return text(ok(await send(user, roomId, 'm.room.message', content)), 'event_id')
}

/** Edits a message. @returns the edit's ID */
export async function edit(
  user: TestUser,
  roomId: string,
  eventId: string,
  body: string,
  type = 'm.room.message',
): Promise<string> {
  const content = relatedTo(eventId, 'm.replace', `* ${body}`, {
    'm.new_content': { msgtype: 'm.text', body },
  })
  return text(ok(await send(user, roomId, type, content)), 'event_id')
}

export const reaction = (eventId: string, key: string) => ({
  'm.relates_to': { rel_type: 'm.annotation', event_id: eventId, key },
})

/** @returns the reaction's ID */
export async function react(user: TestUser, roomId: string, eventId: string, key: string) {
  return text(ok(await send(user, roomId, 'm.reaction', reaction(eventId, key))), 'event_id')
}

export async function redact(user: TestUser, roomId: string, eventId: string): Promise<void> {
  ok(await user.call('PUT', inRoom(roomId, 'redact', eventId, `x${(requests += 1)}`), {}))
}

export async function ignore(user: TestUser, ...ignored: readonly string[]): Promise<void> {
  const content = { ignored_users: Object.fromEntries(ignored.map((id) => [id, {}])) }
  const path = `/user/${encodeURIComponent(user.userId)}/account_data/m.ignored_user_list`
  ok(await user.call('PUT', path, content))
}

/** A request of `/v1`. */
export async function v1(user: TestUser, path: string): Promise<TestAnswer> {
  return await user.server.request('GET', `/_matrix/client/v1${path}`, { token: user.token })
}

/** `GET /relations` */
export async function relations(
  user: TestUser,
  roomId: string,
  parts: readonly string[],
  query: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const search = new URLSearchParams(query).toString()
  return ok(await v1(user, `${inRoom(roomId, 'relations', ...parts)}?${search}`))
}

export const ids = (page: unknown, name = 'chunk'): string[] =>
  list(page, name).map((event) => text(event, 'event_id'))

/** `unsigned.m.relations` of an event that was asked for by itself. */
export async function bundleOf(user: TestUser, roomId: string, eventId: string) {
  const event = ok(await user.call('GET', inRoom(roomId, 'event', eventId)))
  return at(event, 'unsigned', 'm.relations')
}
