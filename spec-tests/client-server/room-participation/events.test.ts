import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, listAt, stringAt } from '../../target/json.ts'
import { inRoom, outcome, Session, V3 } from '../../target/session.ts'
import { syncUntil } from '../../target/sync-until.ts'
import { expectOk, type User } from '../../target/user.ts'

let session: Session
let alice: User
let bob: User
/** Never in a room of the others. */
let mallory: User
let room = ''

beforeAll(async () => {
  session = await Session.start()
  alice = await session.user('alice')
  bob = await session.user('bob')
  mallory = await session.user('mallory')
  room = await alice.createRoom({ preset: 'private_chat' })
  await alice.invite(room, bob.userId)
  await bob.join(room)
})

afterAll(async () => {
  await session?.[Symbol.asyncDispose]()
})

const ephemeral = (body: unknown, type: string) =>
  listAt(body, 'rooms', 'join', room, 'ephemeral', 'events').filter(
    (event) => at(event, 'type') === type,
  )

test('a message is read back by its id, by members only', async () => {
  const id = await alice.sendText(room, 'hello')
  const path = inRoom(room, 'event', id)
  expect(expectOk(await bob.call('GET', path))).toMatchObject({
    event_id: id,
    room_id: room,
    sender: alice.userId,
    content: { msgtype: 'm.text', body: 'hello' },
  })
  expect(outcome(await mallory.call('GET', path))).toBe('404 M_NOT_FOUND')
  const send = inRoom(room, 'send', 'm.room.message', 'm1')
  const intruding = await mallory.call('PUT', send, { msgtype: 'm.text', body: 'let me in' })
  expect(outcome(intruding)).toBe('403 M_FORBIDDEN')
})

test('the room is paged back to its creation', async () => {
  await alice.sendText(room, 'the last word')
  const path = `${inRoom(room, 'messages')}?dir=b&limit=100`
  const chunk = listAt(expectOk(await bob.call('GET', path)), 'chunk')
  expect(at(chunk[0], 'content', 'body')).toBe('the last word')
  expect(at(chunk.at(-1), 'type')).toBe('m.room.create')
  expect(outcome(await mallory.call('GET', path))).toBe('403 M_FORBIDDEN')
})

test('members are told with their membership, to members only', async () => {
  const members = listAt(expectOk(await bob.call('GET', inRoom(room, 'members'))), 'chunk')
  const joined = members.filter((event) => at(event, 'content', 'membership') === 'join')
  const ids = joined.map((event) => at(event, 'state_key'))
  expect(new Set(ids)).toEqual(new Set([alice.userId, bob.userId]))
  expect(outcome(await mallory.call('GET', inRoom(room, 'members')))).toBe('403 M_FORBIDDEN')
  const profiles = expectOk(await bob.call('GET', inRoom(room, 'joined_members')))
  expect(new Set(Object.keys(Object(at(profiles, 'joined'))))).toEqual(new Set(ids))
  const denied = await mallory.call('GET', inRoom(room, 'joined_members'))
  expect(outcome(denied)).toBe('403 M_FORBIDDEN')
})

test('state is set by those who may, and read one by one and whole', async () => {
  const name = inRoom(room, 'state', 'm.room.name', '')
  const id = stringAt(expectOk(await alice.call('PUT', name, { name: 'The den' })), 'event_id')
  expect(expectOk(await bob.call('GET', name))).toEqual({ name: 'The den' })
  const state = expectOk(await bob.call('GET', inRoom(room, 'state')))
  expect(listAt(state).map((event) => at(event, 'event_id'))).toContain(id)
  expect(outcome(await bob.call('PUT', name, { name: 'Mine' }))).toBe('403 M_FORBIDDEN')
  expect(outcome(await mallory.call('GET', name))).toBe('403 M_FORBIDDEN')
  expect(outcome(await mallory.call('GET', inRoom(room, 'state')))).toBe('403 M_FORBIDDEN')
  const absent = await bob.call('GET', inRoom(room, 'state', 'org.example.none', ''))
  expect(outcome(absent)).toBe('404 M_NOT_FOUND')
})

test('a redacted message loses its content; others may not redact it', async () => {
  const id = await alice.sendText(room, 'a slip')
  const redact = (user: User) => user.call('PUT', inRoom(room, 'redact', id, user.nextTxn()), {})
  expect(outcome(await mallory.call('PUT', inRoom(room, 'redact', id, 'r1'), {}))).toBe(
    '403 M_FORBIDDEN',
  )
  stringAt(expectOk(await redact(alice)), 'event_id')
  const read = expectOk(await bob.call('GET', inRoom(room, 'event', id)))
  expect(at(read, 'content')).toEqual({})
})

test('a receipt and a read marker reach the others, and only members may set them', async () => {
  const id = await alice.sendText(room, 'read me')
  const since = stringAt(await alice.sync({ timeout: '0' }), 'next_batch')
  const receipt = inRoom(room, 'receipt', 'm.read', id)
  expect(expectOk(await bob.call('POST', receipt, {}))).toEqual({})
  await syncUntil(alice, since, 'the receipt', (news) =>
    ephemeral(news, 'm.receipt')
      .map((event) => at(event, 'content', id, 'm.read', bob.userId))
      .find((told) => told !== undefined),
  )
  const markers = inRoom(room, 'read_markers')
  expect(expectOk(await bob.call('POST', markers, { 'm.fully_read': id }))).toEqual({})
  const path = `${V3}/user/${bob.userId}/rooms/${room}/account_data/m.fully_read`
  expect(expectOk(await bob.call('GET', path))).toEqual({ event_id: id })
  expect(outcome(await mallory.call('POST', receipt, {}))).toBe('403 M_FORBIDDEN')
  const intruding = await mallory.call('POST', markers, { 'm.fully_read': id })
  expect(outcome(intruding)).toBe('403 M_FORBIDDEN')
})

test('typing is shown to the others, and nobody types for somebody else', async () => {
  const since = stringAt(await alice.sync({ timeout: '0' }), 'next_batch')
  const typing = inRoom(room, 'typing', bob.userId)
  const body = { typing: true, timeout: 30_000 }
  expect(expectOk(await bob.call('PUT', typing, body))).toEqual({})
  const [event] = await syncUntil(alice, since, 'who types', (news) => {
    const events = ephemeral(news, 'm.typing')
    return events.length > 0 ? events : undefined
  })
  expect(at(event, 'content', 'user_ids')).toEqual([bob.userId])
  expect(outcome(await alice.call('PUT', typing, body))).toBe('403 M_FORBIDDEN')
})

test('a filter belongs to its user, and sync obeys it', async () => {
  const filters = `${V3}/user/${encodeURIComponent(bob.userId)}/filter`
  const filter = { room: { timeline: { types: ['org.example.only'] } } }
  const id = stringAt(expectOk(await bob.call('POST', filters, filter)), 'filter_id')
  expect(expectOk(await bob.call('GET', `${filters}/${id}`))).toMatchObject(filter)
  const body = await bob.sync({ filter: id, timeout: '0' })
  expect(listAt(body, 'rooms', 'join', room, 'timeline', 'events')).toEqual([])
  expect(outcome(await alice.call('POST', filters, filter))).toBe('403 M_FORBIDDEN')
  expect(outcome(await bob.call('GET', `${filters}/none`))).toBe('404 M_NOT_FOUND')
  const stranger = await session.http.request('GET', `${V3}/sync`, { token: 'nobody' })
  expect(outcome(stranger)).toBe('401 M_UNKNOWN_TOKEN')
})
