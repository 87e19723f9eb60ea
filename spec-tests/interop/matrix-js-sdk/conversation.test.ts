import {
  EventStatus,
  EventType,
  MsgType,
  NotificationCountType,
  ReceiptType,
  RelationType,
  type Room,
  RoomEvent,
} from 'matrix-js-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HttpClient } from '../../target/matrix-client.ts'
import { type TargetServer, targetServer } from '../../target/target.ts'
import { bodies, Device } from './device.ts'
import { until } from './until.ts'

describe('two people with the SDK', () => {
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
      Device.newcomer(target.url, http, 'alice'),
      Device.newcomer(target.url, http, 'bob'),
    ])
  })

  afterAll(async () => {
    await alice?.[Symbol.asyncDispose]()
    await bob?.[Symbol.asyncDispose]()
    http?.close()
    await target?.[Symbol.asyncDispose]()
  })

  test('an invitation arrives with the name of the room and who sent it, and is accepted', async () => {
    const made = await alice.client.createRoom({ name: 'Kitchen', invite: [bob.userId] })
    roomId = made.room_id
    const invited = await bob.roomAs(roomId, 'invite')
    expect(invited.name).toBe('Kitchen')
    expect(invited.getMember(bob.userId)?.events.member?.getSender()).toBe(alice.userId)
    await bob.client.joinRoom(roomId)
    bobsRoom = await bob.roomAs(roomId, 'join')
    alicesRoom = await alice.roomAs(roomId, 'join')
    await until('alice sees bob', () => alicesRoom.getMember(bob.userId)?.membership === 'join')
  })

  test('an invitation is declined, and the room is left on both sides', async () => {
    const { room_id: declined } = await alice.client.createRoom({ invite: [bob.userId] })
    await bob.roomAs(declined, 'invite')
    await bob.client.leave(declined)
    await bob.roomAs(declined, 'leave')
    const room = await alice.room(declined)
    await until('alice sees it', () => room.getMember(bob.userId)?.membership === 'leave')
  })

  test('a message arrives live at the other; the sender has one copy, matched by transaction id', async () => {
    const statuses: unknown[] = []
    const onEcho = (event: { status: EventStatus | null }): void => {
      statuses.push(event.status)
    }
    alicesRoom.on(RoomEvent.LocalEchoUpdated, onEcho)
    const { event_id: eventId } = await alice.client.sendTextMessage(roomId, 'The kettle is on.')
    const received = await bob.event(roomId, eventId)
    expect(received.getContent()).toEqual({ msgtype: 'm.text', body: 'The kettle is on.' })
    expect(received.getSender()).toBe(alice.userId)
    expect(received.getUnsigned().transaction_id).toBeUndefined()

    const echo = await alice.event(roomId, eventId)
    await until('the echo of the server', () => echo.getUnsigned().transaction_id)
    await until('the echo is settled', () => echo.status === null)
    expect(bodies(alicesRoom)).toEqual(['The kettle is on.'])
    expect(statuses).toContain(EventStatus.SENT)
    alicesRoom.off(RoomEvent.LocalEchoUpdated, onEcho)
  })

  test('typing is seen and ends', async () => {
    await bob.client.sendTyping(roomId, true, 20_000)
    await until('bob types', () => alicesRoom.getMember(bob.userId)?.typing === true)
    await bob.client.sendTyping(roomId, false, 0)
    await until('bob stops', () => alicesRoom.getMember(bob.userId)?.typing === false)
  })

  test('unread counts rise with messages of others and fall with a receipt', async () => {
    await alice.client.sendTextMessage(roomId, 'Milk?')
    const { event_id: last } = await alice.client.sendTextMessage(roomId, 'bob: sugar?')
    const event = await bob.event(roomId, last)
    await until('two or more unread', () => bobsRoom.getUnreadNotificationCount() >= 2)
    await bob.client.sendReadReceipt(event)
    await until('nothing unread', () => bobsRoom.getUnreadNotificationCount() === 0)
    await until('alice sees the receipt', () => alicesRoom.hasUserReadEvent(bob.userId, last))
    expect(alicesRoom.getUnreadNotificationCount()).toBe(0)
  })

  test('a private receipt clears the counts and stays hidden from others', async () => {
    const { event_id: first } = await alice.client.sendTextMessage(roomId, 'Psst')
    const event = await bob.event(roomId, first)
    await until('unread', () => bobsRoom.getUnreadNotificationCount() > 0)
    await bob.client.sendReadReceipt(event, ReceiptType.ReadPrivate)
    await until('nothing unread', () => bobsRoom.getUnreadNotificationCount() === 0)
    // a later public event of the same user is the proof that nothing was on its way any more
    const { event_id: marker } = await bob.client.sendEvent(roomId, EventType.Reaction, {
      'm.relates_to': { rel_type: RelationType.Annotation, event_id: first, key: '👍' },
    })
    await alice.event(roomId, marker)
    const receipts = alicesRoom.getReceiptsForEvent(alicesRoom.findEventById(first) ?? event)
    expect(receipts.filter(({ userId }) => userId === bob.userId)).toEqual([])
  })

  test('one request moves the read marker, the public and the private receipt', async () => {
    const { event_id: id } = await alice.client.sendTextMessage(roomId, 'Marked')
    const event = await bob.event(roomId, id)
    await bob.client.setRoomReadMarkers(roomId, id, undefined, event)
    await until('the marker', () => {
      const marker = bobsRoom.getAccountData('m.fully_read')
      return marker?.getContent()['event_id'] === id
    })
    await until('nothing unread', () => bobsRoom.getUnreadNotificationCount() === 0)
    const { event_id: next } = await alice.client.sendTextMessage(roomId, 'Marked again')
    await bob.client.setRoomReadMarkers(roomId, next, await bob.event(roomId, next))
    await until('alice sees it', () => alicesRoom.hasUserReadEvent(bob.userId, next))
  })

  test('a mention is counted as a highlight, for the mentioned alone', async () => {
    const { event_id: id } = await alice.client.sendMessage(roomId, {
      msgtype: MsgType.Text,
      body: 'Look here',
      'm.mentions': { user_ids: [bob.userId] },
    })
    const highlights = (): number =>
      bobsRoom.getUnreadNotificationCount(NotificationCountType.Highlight)
    await until('a highlight', () => highlights() === 1)
    await bob.client.sendReadReceipt(await bob.event(roomId, id))
    await until('none any more', () => highlights() === 0)
    expect(alicesRoom.getUnreadNotificationCount(NotificationCountType.Highlight)).toBe(0)
  })

  test('what both send at the same time arrives once at both', async () => {
    const texts = Array.from({ length: 20 }, (_, n) => `parallel ${n}`)
    await Promise.all(
      texts.map((text, n) => (n % 2 === 0 ? alice : bob).client.sendTextMessage(roomId, text)),
    )
    const arrived = (room: Room): unknown[] =>
      bodies(room).filter((body) => String(body).startsWith('parallel '))
    for (const room of [alicesRoom, bobsRoom]) {
      await until('all of them', () => arrived(room).length >= texts.length)
      expect(new Set(arrived(room))).toEqual(new Set(texts))
      expect(arrived(room)).toHaveLength(texts.length)
    }
  })

  test('who leaves and comes back sees what was said meanwhile', async () => {
    await bob.client.leave(roomId)
    await bob.roomAs(roomId, 'leave')
    await until('alice sees it', () => alicesRoom.getMember(bob.userId)?.membership === 'leave')
    await alice.client.sendTextMessage(roomId, 'While you were away')
    await expect(bob.client.sendTextMessage(roomId, 'From outside')).rejects.toMatchObject({
      errcode: 'M_FORBIDDEN',
    })
    await alice.client.invite(roomId, bob.userId)
    await bob.roomAs(roomId, 'invite')
    await bob.client.joinRoom(roomId)
    bobsRoom = await bob.roomAs(roomId, 'join')
    const { event_id: id } = await alice.client.sendTextMessage(roomId, 'Welcome back')
    await bob.event(roomId, id)
    expect(bodies(bobsRoom).filter((body) => body === 'While you were away')).toHaveLength(1)
  })

  test('name, topic and levels change for everyone', async () => {
    await alice.client.setRoomName(roomId, 'Pantry')
    await alice.client.setRoomTopic(roomId, 'Jars')
    await until('the name', () => bobsRoom.name === 'Pantry')
    await until('the topic', () => {
      const topic = bobsRoom.currentState.getStateEvents(EventType.RoomTopic, '')
      return topic?.getContent()['topic'] === 'Jars'
    })
    expect(bobsRoom.currentState.maySendStateEvent(EventType.RoomName, bob.userId)).toBe(false)
    await expect(bob.client.setRoomName(roomId, 'Mine')).rejects.toMatchObject({
      errcode: 'M_FORBIDDEN',
      httpStatus: 403,
    })
    await alice.client.setPowerLevel(roomId, bob.userId, 50)
    await until('the level', () =>
      bobsRoom.currentState.maySendStateEvent(EventType.RoomName, bob.userId),
    )
    await bob.client.setRoomName(roomId, 'Ours')
    await until('alice sees it', () => alicesRoom.name === 'Ours')
  })

  test('an edit replaces the shown text', async () => {
    const { event_id: id } = await alice.client.sendTextMessage(roomId, 'No suger')
    const shown = await bob.event(roomId, id)
    await alice.client.sendMessage(roomId, {
      msgtype: MsgType.Text,
      body: '* No sugar',
      'm.new_content': { msgtype: MsgType.Text, body: 'No sugar' },
      'm.relates_to': { rel_type: RelationType.Replace, event_id: id },
    })
    await until('the new text', () => shown.getContent()['body'] === 'No sugar')
    expect(shown.replacingEvent()?.getSender()).toBe(alice.userId)
  })

  test('a redaction empties the event, with reason and sender', async () => {
    const { event_id: id } = await alice.client.sendTextMessage(roomId, 'Secret')
    const shown = await bob.event(roomId, id)
    await alice.client.redactEvent(roomId, id, undefined, { reason: 'oops' })
    await until('it is redacted', () => shown.isRedacted())
    expect(shown.getContent()).toEqual({})
    expect(shown.getUnsigned().redacted_because?.sender).toBe(alice.userId)
    const fetched = await bob.client.fetchRoomEvent(roomId, id)
    expect(fetched.content).toEqual({})
    expect(fetched.unsigned?.redacted_because?.content).toMatchObject({ reason: 'oops' })
  })

  test('a new display name reaches the members of common rooms', async () => {
    await bob.client.setDisplayName('Robert')
    await until('the name', () => alicesRoom.getMember(bob.userId)?.name === 'Robert')
    expect(await alice.client.getProfileInfo(bob.userId, 'displayname')).toEqual({
      displayname: 'Robert',
    })
    const { event_id: id } = await bob.client.sendTextMessage(roomId, 'Call me Robert.')
    expect((await alice.event(roomId, id)).sender?.name).toBe('Robert')
  })

  test('account data is kept and synced', async () => {
    await alice.client.setAccountData(EventType.Direct, { [bob.userId]: [roomId] })
    await until('m.direct', () => {
      const direct = alice.client.getAccountData(EventType.Direct)?.getContent()
      return Array.isArray(direct?.[bob.userId])
    })
    await alice.client.setRoomAccountData(roomId, EventType.MarkedUnread, { unread: true })
    await until('the mark', () => alicesRoom.getAccountData(EventType.MarkedUnread))
  })
})
