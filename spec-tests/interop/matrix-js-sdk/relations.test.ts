import {
  Direction,
  EventType,
  type MatrixEvent,
  Method,
  MsgType,
  NotificationCountType,
  RelationType,
  type Room,
  ThreadFilterType,
} from 'matrix-js-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, stringAt } from '../../target/json.ts'
import { HttpClient } from '../../target/matrix-client.ts'
import { type TargetServer, targetServer } from '../../target/target.ts'
import { Device } from './device.ts'
import { until } from './until.ts'

const REACTION = EventType.Reaction

describe('edits, reactions and threads with the SDK', () => {
  let target: TargetServer
  let http: HttpClient
  let alice: Device
  let bob: Device
  let roomId: string
  let alicesRoom: Room
  let bobsRoom: Room

  beforeAll(async () => {
    target = await targetServer()
    http = new HttpClient(target.url)
    ;[alice, bob] = await Promise.all([
      Device.newcomer(target.url, http, 'alice', { threadSupport: true }),
      Device.newcomer(target.url, http, 'bob', { threadSupport: true }),
    ])
    const made = await alice.client.createRoom({ name: 'Plans', invite: [bob.userId] })
    roomId = made.room_id
    await bob.roomAs(roomId, 'invite')
    await bob.client.joinRoom(roomId)
    bobsRoom = await bob.roomAs(roomId, 'join')
    alicesRoom = await alice.roomAs(roomId, 'join')
  })

  afterAll(async () => {
    for (const device of [alice, bob]) await device?.[Symbol.asyncDispose]()
    http?.close()
    await target?.[Symbol.asyncDispose]()
  })

  const say = async (who: Device, body: string): Promise<string> =>
    (await who.client.sendTextMessage(roomId, body)).event_id
  const reply = async (who: Device, root: string, body: string): Promise<string> =>
    (await who.client.sendTextMessage(roomId, root, body)).event_id
  const react = async (who: Device, id: string, key: string): Promise<string> => {
    const relation = { rel_type: RelationType.Annotation, event_id: id, key } as const
    return (await who.client.sendEvent(roomId, REACTION, { 'm.relates_to': relation })).event_id
  }
  const edit = async (who: Device, id: string, body: string): Promise<string> => {
    const sent = await who.client.sendMessage(roomId, {
      msgtype: MsgType.Text,
      body: `* ${body}`,
      'm.new_content': { msgtype: MsgType.Text, body },
      'm.relates_to': { rel_type: RelationType.Replace, event_id: id },
    })
    return sent.event_id
  }

  /** Without the SDK's own copy of what is on its way, which it loses sight of in threads. */
  const tell = async (who: Device, body: string, root?: string): Promise<string> => {
    const path = `/rooms/${encodeURIComponent(roomId)}/send/m.room.message/${who.client.makeTxnId()}`
    const relation = { 'm.relates_to': { rel_type: RelationType.Thread, event_id: root } }
    const content = { msgtype: MsgType.Text, body, ...(root !== undefined && relation) }
    const { http: api } = who.client
    const sent = await api.authedRequest<object>(Method.Put, path, undefined, content)
    return stringAt(sent, 'event_id')
  }

  test('who comes later sees the latest edit, and the original where it was not edited', async () => {
    const id = await say(alice, 'Tuseday')
    await edit(alice, id, 'Tuesday?')
    const last = await edit(alice, id, 'Tuesday')
    await edit(bob, id, 'Never')
    const fetched = await bob.client.fetchRoomEvent(roomId, id)
    expect(fetched.content?.['body']).toBe('Tuseday')
    expect(fetched.unsigned?.['m.relations']?.['m.replace']).toMatchObject({ event_id: last })
    const later = await Device.signIn(target.url, 'bob')
    await later.start()
    const shown = await later.event(roomId, id)
    await until('the text', () => shown.getContent()['body'] === 'Tuesday')
    const { originalEvent, events } = await bob.client.relations(roomId, id, RelationType.Replace)
    expect(originalEvent?.getId()).toBe(id)
    expect(events.map((event) => event.getId())).toContain(last)
    await later[Symbol.asyncDispose]()
  })

  test('reactions are counted by key, once for each person, until they are taken back', async () => {
    const id = await say(bob, 'Pizza?')
    const own = await react(alice, id, '👍')
    await react(bob, id, '👍')
    await react(bob, id, '🍕')
    const counted = (): unknown => {
      const relations = alicesRoom.relations.getChildEventsForEvent(
        id,
        RelationType.Annotation,
        REACTION,
      )
      const keys = relations?.getSortedAnnotationsByKey() ?? []
      return Object.fromEntries(keys.map(([key, events]) => [key, events.size]))
    }
    await until('all three', () => at(counted(), '🍕') === 1 && at(counted(), '👍') === 2)
    await alice.client.redactEvent(roomId, own)
    await until('one less', () => at(counted(), '👍') === 1)
    const left = await bob.client.relations(roomId, id, RelationType.Annotation, REACTION)
    expect(left.events.map((event) => event.getRelation()?.key)).toEqual(['🍕', '👍'])
    await expect(react(bob, id, '👍')).rejects.toMatchObject({ errcode: 'M_DUPLICATE_ANNOTATION' })
  })

  test('relations come in pages, in either direction', async () => {
    const id = await say(alice, 'Count')
    const keys = ['1', '2', '3', '4', '5']
    for (const key of keys) await react(bob, id, key)
    const paged = async (dir: Direction): Promise<unknown[]> => {
      const found: MatrixEvent[] = []
      let from: string | undefined
      do {
        const options = { dir, limit: 2, ...(from !== undefined && { from }) }
        const type = RelationType.Annotation
        const page = await alice.client.relations(roomId, id, type, REACTION, options)
        expect(page.events.length).toBeLessThanOrEqual(2)
        found.push(...page.events)
        from = page.nextBatch ?? undefined
      } while (from !== undefined)
      return found.map((event) => event.getRelation()?.key)
    }
    expect(await paged(Direction.Backward)).toEqual(keys.toReversed())
    expect(await paged(Direction.Forward)).toEqual(keys)
  })

  test('a thread gathers its answers, apart from the room', async () => {
    const root = await say(alice, 'Where do we meet?')
    const first = await reply(bob, root, 'At the station')
    const second = await reply(alice, root, 'Which one?')
    const thread = await until('the thread', () => bobsRoom.getThread(root))
    await until('both answers', () => thread.length === 2 && thread.replyToEvent)
    expect(thread.replyToEvent?.getId()).toBe(second)
    await until('its events', () => thread.events.some((event) => event.getId() === first))
    expect(thread.hasCurrentUserParticipated).toBe(true)
    const inRoom = bobsRoom.getLiveTimeline().getEvents()
    expect(inRoom.some((event) => event.getId() === root)).toBe(true)
    expect(inRoom.some((event) => event.getId() === first)).toBe(false)
    const { events } = await bob.client.relations(roomId, root, RelationType.Thread)
    expect(events.map((event) => event.getId())).toEqual([second, first])
  })

  test('threads are unread and read each on their own, and the room too', async () => {
    const total = NotificationCountType.Total
    const inThread = (id: string) => bobsRoom.getThreadUnreadNotificationCount(id, total)
    const inRoom = () => bobsRoom.getRoomUnreadNotificationCount(total)
    const root = await say(alice, 'Food')
    const other = await say(alice, 'Drinks')
    await bob.event(roomId, other)
    await bob.client.sendReadReceipt(await bob.event(roomId, other))
    await until('the room is read', () => inRoom() === 0)
    await reply(bob, root, 'What is there?')
    await reply(alice, root, 'Bread')
    const latest = await reply(alice, root, 'Cheese')
    await reply(alice, other, 'Water')
    await say(alice, 'And in the room')
    await until('the counts', () => inThread(root) === 2 && inThread(other) === 1 && inRoom() === 1)

    const thread = await until('the thread', () => bobsRoom.getThread(root))
    const read = await until('its last', () => thread.events.find((e) => e.getId() === latest))
    await bob.client.sendReadReceipt(read)
    await until('one thread is read', () => inThread(root) === 0)
    expect([inThread(other), inRoom()]).toEqual([1, 1])
    const seen = await until('the thread', () => alicesRoom.getThread(root))
    await until('the receipt', () => seen.hasUserReadEvent(bob.userId, latest))

    const newcomer = await Device.signIn(target.url, 'bob')
    await newcomer.start({ threadSupport: true })
    const fresh = await newcomer.room(roomId)
    await until('the counts on another device', () => fresh.getRoomUnreadNotificationCount() === 1)
    expect(fresh.getThreadUnreadNotificationCount(other, total)).toBe(1)
    expect(fresh.getThreadUnreadNotificationCount(root, total)).toBe(0)
    await newcomer[Symbol.asyncDispose]()
  })

  test('the threads of a room are listed by their last answer, all or those taken part in', async () => {
    const roots: string[] = []
    for (const body of ['one', 'two', 'three']) roots.push(await tell(alice, body))
    for (const root of roots) await tell(alice, 'answered', root)
    await tell(bob, 'and again', roots[0])
    const [one, two, three] = roots
    const latest = [one, three, two]
    const list = async (type: ThreadFilterType, limit: number, from: string | null = null) => {
      const back = Direction.Backward
      return alice.client.createThreadListMessagesRequest(roomId, from, limit, back, type)
    }
    const first = await list(ThreadFilterType.All, 2)
    const next = await list(ThreadFilterType.All, 1, first.end ?? '')
    // the SDK turns each page around
    const ids = [...first.chunk.toReversed(), ...next.chunk].map((event) => event.event_id)
    expect(ids).toEqual(latest)
    const back = Direction.Backward
    const mine = ThreadFilterType.My
    const own = await bob.client.createThreadListMessagesRequest(roomId, null, 50, back, mine)
    const ownIds = own.chunk.toReversed().map((event) => event.event_id)
    expect(ownIds[0]).toBe(one)
    expect(ownIds).not.toContain(two)

    const newcomer = await Device.signIn(target.url, 'bob')
    await newcomer.start({ threadSupport: true, initialSyncLimit: 1 })
    const room = await newcomer.room(roomId)
    await room.createThreadsTimelineSets()
    await room.fetchRoomThreads()
    const [all] = room.threadsTimelineSets
    const shown = all?.getLiveTimeline().getEvents() ?? []
    expect(shown.map((event) => event.getId()).slice(-3)).toEqual(latest.toReversed())
    await newcomer[Symbol.asyncDispose]()
  })
})
