import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, listAt, stringAt } from '../../target/json.ts'
import { expectOk, register, type User } from '../../target/user.ts'
import { bodies, Device } from '../matrix-js-sdk/device.ts'
import { until } from '../matrix-js-sdk/until.ts'
import { missingNio, type NioPerson } from './nio-person.ts'
import { bodyOf, NioSession } from './nio-session.ts'
import { untilNio } from './until-nio.ts'

const missing = missingNio()
const REACTION = 'm.reaction'

describe.skipIf(missing !== undefined)(
  `a conversation with matrix-nio${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    let session: NioSession
    let nio: NioPerson
    /** The same person, with the harness. */
    let nora: User
    let bob: User
    let carol: Device
    let roomId = ''

    beforeAll(async () => {
      session = await NioSession.start()
      const { target, http } = session.session
      ;({ nio, user: nora } = await session.person('nora'))
      bob = await session.session.user('bob')
      await register(http, 'carol')
      carol = await Device.signIn(target.url, 'carol')
      await carol.start({ threadSupport: true })
    })

    afterAll(async () => {
      await carol?.[Symbol.asyncDispose]()
      await session?.[Symbol.asyncDispose]()
    })

    const text = (body: string) => ({ msgtype: 'm.text', body })
    const relatedTo = (event_id: string, rel_type: string, more: object = {}) => ({
      'm.relates_to': { rel_type, event_id, ...more },
    })

    async function send(content: object, message_type = 'm.room.message'): Promise<string> {
      const args = { room_id: roomId, message_type, content }
      return stringAt(await nio.call('room_send', args), 'event_id')
    }

    async function fetched(event_id: string): Promise<unknown> {
      return at(await nio.call('room_get_event', { room_id: roomId, event_id }), 'event')
    }

    /** One sync of nio; what it brings of the room. */
    async function synced(): Promise<unknown> {
      return at(await nio.call('sync', { timeout: 10_000 }), 'rooms', 'join', roomId)
    }

    /** What a path below the room answers to nio's HTTP layer. */
    async function read(...path: string[]): Promise<unknown> {
      return bodyOf(await nio.http('GET', ['/_matrix/client/v1/rooms', roomId, ...path].join('/')))
    }

    const senders = (events: unknown[]) => events.map((event) => at(event, 'sender'))
    const ids = (events: unknown[]) => events.map((event) => at(event, 'event_id'))

    test('a room is made with name, topic and people, and nio finds it as it was made', async () => {
      const made = await nio.call('room_create', {
        name: 'Workshop',
        topic: 'Tools',
        preset: 'private_chat',
        invite: [bob.userId, carol.userId],
      })
      roomId = stringAt(made, 'room_id')
      await carol.roomAs(roomId, 'invite')
      await carol.client.joinRoom(roomId)
      await bob.join(roomId)
      expect((await carol.roomAs(roomId, 'join')).name).toBe('Workshop')

      await nio.call('sync', { full_state: true })
      const room = await nio.room(roomId)
      expect(room).toMatchObject({
        display_name: 'Workshop',
        topic: 'Tools',
        join_rule: 'invite',
        history_visibility: 'shared',
      })
      expect(new Set(Object.keys(Object(at(room, 'users'))))).toEqual(
        new Set([nora.userId, bob.userId, carol.userId]),
      )
      // nio takes no member without a name
      await carol.client.setDisplayName('Carol')
      await nio.call('set_displayname', { displayname: 'Nora' })
      const name = `/_matrix/client/v3/profile/${bob.userId}/displayname`
      expectOk(await bob.call('PUT', name, { displayname: 'Bob' }))
      await untilNio(nio, 'the names', async () => {
        const members = await nio.attempt('joined_members', { room_id: roomId })
        const names = listAt(members, 'members').map((member) => at(member, 'display_name'))
        return ['Bob', 'Carol', 'Nora'].every((name) => names.includes(name))
      })
    })

    test('messages go both ways', async () => {
      const id = await send(text('Hello from nio'))
      const received = await carol.event(roomId, id)
      expect(received.getContent()).toEqual(text('Hello from nio'))
      expect(received.getSender()).toBe(nora.userId)
      const answer = await bob.sendText(roomId, 'Hello nio')
      const shown = { is: 'RoomMessageText', event_id: answer, sender: bob.userId }
      expect(listAt(await synced(), 'timeline', 'events')).toContainEqual(
        expect.objectContaining({ ...shown, body: 'Hello nio' }),
      )
      expect(await fetched(answer)).toMatchObject({ ...shown, body: 'Hello nio' })
    })

    test('an edit is shown by the other, and comes bundled with the event', async () => {
      const id = await send(text('Hamer'))
      const shown = await carol.event(roomId, id)
      const content = {
        ...text('* Hammer'),
        'm.new_content': text('Hammer'),
        ...relatedTo(id, 'm.replace'),
      }
      const edit = await send(content)
      await until('the edit', () => shown.getContent()['body'] === 'Hammer')
      const source = at(await fetched(id), 'source')
      expect(at(source, 'content')).toEqual(text('Hamer'))
      const bundled = at(source, 'unsigned', 'm.relations', 'm.replace')
      expect(bundled).toMatchObject({ event_id: edit, sender: nora.userId, content })
    })

    test('reactions are seen and listed, and one that is redacted is not', async () => {
      const id = await send(text('Lunch?'))
      const content = relatedTo(id, 'm.annotation', { key: '🍕' })
      const own = await send(content, REACTION)
      const seen = await carol.event(roomId, own)
      expect(seen.getRelation()).toMatchObject({ event_id: id, key: '🍕' })
      const path = `/_matrix/client/v3/rooms/${roomId}/send/${REACTION}/${bob.nextTxn()}`
      expectOk(await bob.call('PUT', path, content))
      const listed = listAt(await read('relations', id, 'm.annotation', REACTION), 'chunk')
      expect(senders(listed)).toEqual([bob.userId, nora.userId])

      await nio.call('room_redact', { room_id: roomId, event_id: own, reason: 'not hungry' })
      await until('carol sees it', () => seen.isRedacted())
      expect(await fetched(own)).toMatchObject({ is: 'RedactedEvent', reason: 'not hungry' })
      const left = listAt(await read('relations', id, 'm.annotation'), 'chunk')
      expect(senders(left)).toEqual([bob.userId])
    })

    test('a thread is listed with its latest answer, and its receipts are its own', async () => {
      const root = await send(text('What about the roof?'))
      const answer = await carol.client.sendMessage(roomId, {
        ...text('It leaks'),
        ...relatedTo(root, 'm.thread'),
      } as never)
      const latest = await send({ ...text('Still?'), ...relatedTo(root, 'm.thread') })
      const [thread] = listAt(await read('threads'), 'chunk')
      expect(at(thread, 'event_id')).toBe(root)
      const bundled = at(thread, 'unsigned', 'm.relations', 'm.thread')
      expect(bundled).toMatchObject({
        count: 2,
        current_user_participated: true,
        latest_event: { event_id: latest, content: text('Still?') },
      })
      const inThread = ids(listAt(await read('relations', root, 'm.thread'), 'chunk'))
      expect(inThread).toEqual([latest, answer.event_id])

      const receipt = ['/_matrix/client/r0/rooms', roomId, 'receipt/m.read', latest].join('/')
      const answered = await nio.http('POST', receipt, { thread_id: root })
      expect(bodyOf(answered)).toEqual({})
      const room = await carol.room(roomId)
      await until('the receipt in the thread', () =>
        room.getThread(root)?.hasUserReadEvent(nora.userId, latest),
      )
    })

    test('receipts are seen on both sides, and clear the counts', async () => {
      const id = await bob.sendText(roomId, 'Read this')
      await synced()
      expect(Number(at(await nio.room(roomId), 'unread_notifications'))).toBeGreaterThan(0)
      await nio.call('update_receipt_marker', { room_id: roomId, event_id: id })
      await carol.event(roomId, id)
      const room = await carol.room(roomId)
      await until('the receipt', () => room.hasUserReadEvent(nora.userId, id))
      await carol.client.sendReadReceipt(await carol.event(roomId, id))
      await untilNio(nio, 'its count and the receipt of carol', async () => {
        const known = await nio.room(roomId)
        const read = at(known, 'read_receipts', carol.userId, 'event_id')
        return at(known, 'unread_notifications') === 0 && read === id
      })
      const markers = { room_id: roomId, fully_read_event: id, read_event: id }
      await nio.call('room_read_markers', markers)
      await untilNio(nio, 'the marker', async () => {
        return at(await nio.room(roomId), 'fully_read_marker') === id
      })
    })

    test('typing is seen on both sides, and ends', async () => {
      const room = await carol.room(roomId)
      const isTyping = () => room.getMember(nora.userId)?.typing
      await nio.call('room_typing', { room_id: roomId, typing_state: true, timeout: 30_000 })
      await until('nio types', () => isTyping() === true)
      await nio.call('room_typing', { room_id: roomId, typing_state: false })
      await until('nio stops', () => isTyping() === false)
      await carol.client.sendTyping(roomId, true, 30_000)
      await untilNio(nio, 'carol types', async () => {
        return listAt(await nio.room(roomId), 'typing_users').includes(carol.userId)
      })
      await carol.client.sendTyping(roomId, false, 0)
      await untilNio(nio, 'carol stops', async () => {
        return listAt(await nio.room(roomId), 'typing_users').length === 0
      })
    })

    test('search finds a message of another, with what was said around it', async () => {
      const before = await bob.sendText(roomId, 'Where is it?')
      const found = await bob.sendText(roomId, 'The screwdriver is in the drawer')
      const after = await send(text('Thanks'))
      const asked = await nio.http('POST', '/_matrix/client/r0/search', {
        search_categories: {
          room_events: {
            search_term: 'screwdriver drawer',
            keys: ['content.body'],
            filter: { rooms: [roomId] },
            order_by: 'recent',
            event_context: { before_limit: 1, after_limit: 1, include_profile: true },
          },
        },
      })
      const events = at(bodyOf(asked), 'search_categories', 'room_events')
      expect(at(events, 'count')).toBe(1)
      const [result] = listAt(events, 'results')
      expect(at(result, 'result', 'event_id')).toBe(found)
      expect(ids(listAt(result, 'context', 'events_before'))).toEqual([before])
      expect(ids(listAt(result, 'context', 'events_after'))).toEqual([after])
      expect(listAt(events, 'highlights')).toContain('screwdriver')
    })

    test('after a gap nio pages back, and has every event once', async () => {
      await nio.call('sync')
      const since = ids(listAt(await pageOf(1), 'chunk'))[0]
      const sent: string[] = []
      for (let n = 0; n < 45; n++) sent.push(await bob.sendText(roomId, `line ${n}`))
      const sync_filter = { room: { timeline: { limit: 10 } } }
      const answer = await nio.call('sync', { timeout: 10_000, sync_filter })
      const timeline = at(answer, 'rooms', 'join', roomId, 'timeline')
      expect(at(timeline, 'limited')).toBe(true)
      const known = ids(listAt(timeline, 'events'))
      let start = stringAt(timeline, 'prev_batch')
      while (!known.includes(since)) {
        const args = { room_id: roomId, start, limit: 10, direction: 'back' }
        const page = await nio.call('room_messages', args)
        known.unshift(...ids(listAt(page, 'chunk')).toReversed())
        start = stringAt(page, 'end')
      }
      expect(known.slice(known.indexOf(since) + 1)).toEqual(sent)
    })

    const pageOf = (limit: number, start = '') =>
      nio.call('room_messages', { room_id: roomId, start, limit })

    test('the whole room is paged through, to its creation', async () => {
      const backwards: unknown[] = []
      let start: unknown = ''
      while (typeof start === 'string') {
        const page = await pageOf(20, start)
        backwards.push(...ids(listAt(page, 'chunk')))
        start = at(page, 'end')
        expect(backwards.length).toBeLessThan(200)
      }
      const own = expectOk(
        await bob.call('GET', `/_matrix/client/v3/rooms/${roomId}/messages?dir=b&limit=1000`),
      )
      expect(backwards).toEqual(ids(listAt(own, 'chunk')))
      expect(at(listAt(own, 'chunk').at(-1), 'type')).toBe('m.room.create')
    })

    test('the surroundings of an event are shown, and lead on in both directions', async () => {
      const events = ids(listAt(await pageOf(11), 'chunk')).toReversed()
      const middle = events[5]
      const args = { room_id: roomId, event_id: middle, limit: 4 }
      const context = await nio.call('room_context', args)
      expect(ids(listAt(context, 'events_before'))).toEqual([events[4], events[3]])
      expect(at(context, 'event', 'event_id')).toBe(middle)
      expect(ids(listAt(context, 'events_after'))).toEqual([events[6], events[7]])
      const further = { room_id: roomId, limit: 2 }
      const older = await nio.call('room_messages', { ...further, start: at(context, 'start') })
      expect(ids(listAt(older, 'chunk'))).toEqual([events[2], events[1]])
      const newer = await nio.call('room_messages', {
        ...further,
        start: at(context, 'end'),
        direction: 'front',
      })
      expect(ids(listAt(newer, 'chunk'))).toEqual([events[8], events[9]])
      expect(bodies(await carol.room(roomId)).at(-1)).toBe('line 44')
    })
  },
)
