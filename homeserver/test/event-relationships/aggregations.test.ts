import { beforeEach, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { inSharedRoom } from '../harness/shared-room.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { inRoom, messages } from '../rooms/room-paths.ts'
import { joined, Reader, timelineOf } from '../sync/reader.ts'
import { bundleOf, edit, ignore, redact, relate, relatedTo, relations, send } from './relate.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let roomId: string
let root: string

inSharedRoom((room) => ({ server, alice, bob, roomId } = room))
beforeEach(async () => {
  root = await alice.say(roomId, 'root')
})

const editOf = (bundle: unknown) => at(bundle, 'm.replace', 'content', 'm.new_content', 'body')

describe('edits', () => {
  it('the newest one is bundled, whole, and the content is left as it was', async () => {
    await edit(alice, roomId, root, 'second')
    const last = await edit(alice, roomId, root, 'third')
    const event = ok(await bob.call('GET', inRoom(roomId, 'event', root)))
    expect(at(event, 'content', 'body')).toBe('root')
    expect(at(event, 'unsigned', 'm.relations', 'm.replace')).toMatchObject({
      event_id: last,
      room_id: roomId,
      sender: alice.userId,
      type: 'm.room.message',
      content: { body: '* third', 'm.new_content': { body: 'third' } },
    })
  })

  it('somebody else, another type, an edit of an edit or one without new content count not', async () => {
    const valid = await edit(alice, roomId, root, 'valid')
    await edit(bob, roomId, root, 'foreign')
    await edit(alice, roomId, root, 'other type', 'm.room.notice')
    ok(await send(alice, roomId, 'm.room.message', relatedTo(root, 'm.replace', 'nothing new')))
    await edit(alice, roomId, valid, 'edit of an edit')
    expect(editOf(await bundleOf(bob, roomId, root))).toBe('valid')
    expect(await bundleOf(bob, roomId, valid)).toBeUndefined()
    const topic = await alice.setState(roomId, 'm.room.topic', '', { topic: 'one' })
    await edit(alice, roomId, topic, 'state', 'm.room.topic')
    expect(await bundleOf(bob, roomId, topic)).toBeUndefined()
  })

  it('an encrypted edit needs no visible new content', async () => {
    const content = { algorithm: 'm.megolm.v1.aes-sha2', ciphertext: 'x', session_id: 's' }
    const sent = ok(await send(alice, roomId, 'm.room.encrypted', content))
    const edited = {
      ...content,
      'm.relates_to': { rel_type: 'm.replace', event_id: at(sent, 'event_id') },
    }
    const last = text(ok(await send(alice, roomId, 'm.room.encrypted', edited)), 'event_id')
    const bundle = await bundleOf(bob, roomId, text(sent, 'event_id'))
    expect(at(bundle, 'm.replace', 'event_id')).toBe(last)
  })

  it('a redacted edit brings the one before back; a redacted event has none', async () => {
    await edit(alice, roomId, root, 'first')
    const last = await edit(alice, roomId, root, 'second')
    await redact(alice, roomId, last)
    expect(editOf(await bundleOf(bob, roomId, root))).toBe('first')
    await relate(bob, roomId, root, 'm.reference')
    await redact(alice, roomId, root)
    const bundle = await bundleOf(bob, roomId, root)
    expect(at(bundle, 'm.replace')).toBeUndefined()
    expect(list(bundle, 'm.reference', 'chunk')).toHaveLength(1)
  })
})

describe('references and threads', () => {
  it('references are listed oldest first', async () => {
    const first = await relate(bob, roomId, root, 'm.reference')
    const second = await relate(alice, roomId, root, 'm.reference')
    const bundle = await bundleOf(bob, roomId, root)
    expect(bundle).toEqual({
      'm.reference': { chunk: [{ event_id: first }, { event_id: second }] },
    })
  })

  it('a thread has its number of events, the latest with its own edit, and who took part', async () => {
    await relate(bob, roomId, root, 'm.thread', 'one')
    const latest = await relate(bob, roomId, root, 'm.thread', 'two')
    await edit(bob, roomId, latest, 'two, edited')
    const thread = at(await bundleOf(bob, roomId, root), 'm.thread')
    expect(at(thread, 'count')).toBe(2)
    expect(at(thread, 'latest_event', 'event_id')).toBe(latest)
    expect(at(thread, 'latest_event', 'room_id')).toBe(roomId)
    expect(editOf(at(thread, 'latest_event', 'unsigned', 'm.relations'))).toBe('two, edited')
    const carol = await server.user('carol')
    await carol.join(roomId)
    const took = async (user: TestUser) =>
      at(await bundleOf(user, roomId, root), 'm.thread', 'current_user_participated')
    expect([await took(alice), await took(bob), await took(carol)]).toEqual([true, true, false])
  })

  it('ignored users and redacted events are neither counted nor shown', async () => {
    const dave = await server.user('dave')
    await dave.join(roomId)
    const shown = await relate(bob, roomId, root, 'm.thread')
    await relate(dave, roomId, root, 'm.thread')
    await relate(dave, roomId, root, 'm.reference')
    await redact(bob, roomId, await relate(bob, roomId, root, 'm.thread'))
    await ignore(alice, dave.userId)
    const bundle = await bundleOf(alice, roomId, root)
    expect(at(bundle, 'm.thread', 'count')).toBe(1)
    expect(at(bundle, 'm.thread', 'latest_event', 'event_id')).toBe(shown)
    expect(at(bundle, 'm.reference')).toBeUndefined()
    expect(at(await bundleOf(bob, roomId, root), 'm.thread', 'count')).toBe(2)
    await ignore(alice)
  })
})

describe('every way to read an event', () => {
  const find = (events: readonly unknown[]) =>
    at(
      events.find((event) => at(event, 'event_id') === root),
      'unsigned',
      'm.relations',
    )

  it('brings the bundle along: /messages, /context, /relations and /sync with a gap', async () => {
    const reader = new Reader(bob, { filter: { room: { timeline: { limit: 3 } } } })
    await reader.next()
    for (let n = 0; n < 4; n++) await alice.say(roomId, `filler ${n}`)
    root = await relate(alice, roomId, root, 'm.reference')
    await edit(alice, roomId, root, 'new')
    const { events } = await messages(bob, roomId, { dir: 'b', limit: '5' })
    expect(editOf(find(events))).toBe('new')
    const context = ok(await bob.call('GET', inRoom(roomId, 'context', root)))
    expect(editOf(at(context, 'event', 'unsigned', 'm.relations'))).toBe('new')
    const parent = text(at(context, 'event'), 'content', 'm.relates_to', 'event_id')
    expect(editOf(find(list(await relations(bob, roomId, [parent]), 'chunk')))).toBe('new')
    const section = joined(await reader.next(), roomId)
    expect(at(section, 'timeline', 'limited')).toBe(true)
    const bundle = find(timelineOf(section))
    expect(editOf(bundle)).toBe('new')
    // here nothing has the room's ID, what is bundled neither
    expect(at(bundle, 'm.replace', 'room_id')).toBeUndefined()
  })

  it('of many rooms in a first sync, and of none where the client has all events', async () => {
    const reader = new Reader(bob)
    await reader.next()
    const other = await alice.createRoom({ preset: 'public_chat' })
    await bob.join(other)
    const there = await alice.say(other, 'there')
    await edit(alice, other, there, 'there, edited')
    await edit(alice, roomId, root, 'here, edited')
    const first = await new Reader(bob, {
      filter: { room: { timeline: { limit: 2 } } },
    }).next()
    expect(editOf(find(timelineOf(joined(first, roomId))))).toBe('here, edited')
    const inOther = timelineOf(joined(first, other))
    expect(editOf(at(inOther[0], 'unsigned', 'm.relations'))).toBe('there, edited')
    const news = timelineOf(joined(await reader.next(), roomId))
    expect(news.map((event) => at(event, 'unsigned', 'm.relations'))).toEqual([undefined])
  })

  it('on another worker too, which had the event in memory before anything related to it', async () => {
    await using two = await startTestServer({ databaseUrl: server.databaseUrl })
    const other = await two.user('frank')
    await other.join(roomId)
    const event = await alice.say(roomId, 'first')
    const filter = { room: { timeline: { limit: 2 } } }
    const reader = new Reader(other, { filter })
    await reader.until((answer) => timelineOf(joined(answer, roomId)).length > 0)
    await edit(alice, roomId, event, 'edited')
    await reader.until((answer) => timelineOf(joined(answer, roomId)).length > 0)
    const again = timelineOf(joined(await new Reader(other, { filter }).next(), roomId))
    expect(again.map((one) => editOf(at(one, 'unsigned', 'm.relations')))).toEqual([
      'edited',
      undefined,
    ])
  })

  it('a plain event has no such property', async () => {
    const { events } = await messages(bob, roomId, { dir: 'b', limit: '1' })
    expect(at(events[0], 'unsigned')).not.toHaveProperty('m.relations')
  })
})

describe('history that somebody may not see', () => {
  const visibility = (history_visibility: string) => ({
    preset: 'public_chat',
    initial_state: [
      { type: 'm.room.history_visibility', state_key: '', content: { history_visibility } },
    ],
  })

  it('is not told by way of an aggregation', async () => {
    const room = await alice.createRoom(visibility('joined'))
    await bob.join(room)
    const parent = await alice.say(room, 'parent')
    await relate(alice, room, parent, 'm.thread', 'seen')
    await bob.leave(room)
    await edit(alice, room, parent, 'unseen')
    await relate(alice, room, parent, 'm.thread', 'unseen')
    const check = async () => {
      const bundle = await bundleOf(bob, room, parent)
      expect(at(bundle, 'm.replace')).toBeUndefined()
      expect(at(bundle, 'm.thread', 'count')).toBe(1)
      expect(at(bundle, 'm.thread', 'latest_event', 'content', 'body')).toBe('seen')
    }
    await check()
    await bob.join(room)
    await check()
    await relate(alice, room, parent, 'm.thread', 'seen again')
    expect(at(await bundleOf(bob, room, parent), 'm.thread', 'count')).toBe(2)
  })

  it('shared history is summed up for who joined later', async () => {
    const parent = await alice.say(roomId, 'parent')
    await edit(alice, roomId, parent, 'edited')
    const erin = await server.user('erin')
    await erin.join(roomId)
    expect(editOf(await bundleOf(erin, roomId, parent))).toBe('edited')
  })
})
