import { beforeEach, describe, expect, test } from 'vitest'
import { FakeConversation } from '#test/fakes/fake-conversation.ts'
import { FakePlatform } from '#test/fakes/fake-platform.ts'
import { message, messages } from '#test/fakes/summaries.ts'
import { Failure } from '#lib/errors.ts'
import { TimelineViewModel } from './timeline.view-model.ts'

let conversation: FakeConversation
let platform: FakePlatform

beforeEach(() => {
  conversation = new FakeConversation()
  platform = new FakePlatform()
})

const open = (): TimelineViewModel => new TimelineViewModel({ conversation, platform })
const keys = (model: TimelineViewModel): string[] =>
  model.state.rows.flatMap((row) => (row.kind === 'event' ? [row.key] : []))
const arrive = (...ids: string[]): void => {
  conversation.events = [...conversation.events, ...ids.map((id) => message(id))]
  conversation.emit('timeline')
}

describe('opening a room', () => {
  test('shows its end, with the "New" line after what was read', () => {
    conversation.events = messages(30)
    conversation.read = 'e28'
    const { rows, atEnd } = open().state
    expect(atEnd).toBe(true)
    expect(rows.findIndex((row) => row.kind === 'new')).toBe(rows.length - 3)
  })

  test('a short piece of history is filled up from the server', async () => {
    conversation.events = messages(3)
    conversation.history = [message('h1'), message('h2')]
    const model = open()
    await Promise.resolve()
    await Promise.resolve()
    expect(conversation.calls).toContain('loadOlder 50')
    await expect.poll(() => keys(model)[0]).toBe('h1')
    expect(model.state.atStart).toBe(true)
  })
})

describe('loading older messages', () => {
  test('a failure is shown and can be tried again', async () => {
    conversation.events = messages(40)
    conversation.history = [message('h1')]
    const model = open()
    conversation.failure = new Failure('network')
    await model.showOlder()
    expect(model.state).toMatchObject({ loadingOlder: false, olderFailure: { code: 'network' } })
    await model.showOlder()
    expect(model.state.olderFailure).toBeUndefined()
    await model.showOlder()
    expect(keys(model)[0]).toBe('h1')
  })

  test('what is far away leaves the page and comes back', async () => {
    conversation.events = messages(600)
    const model = open()
    for (let turn = 0; turn < 20; turn += 1) await model.showOlder()
    expect(keys(model)[0]).toBe('e1')
    expect(model.state.atEnd).toBe(false)
    arrive('fresh')
    expect(keys(model)).not.toContain('fresh')
    model.showLatest()
    expect(keys(model).at(-1)).toBe('fresh')
    expect(model.state.atEnd).toBe(true)
  })

  test('lines that did not change stay the same objects', () => {
    conversation.events = messages(10)
    const model = open()
    const before = model.state.rows.slice(0, 5)
    arrive('fresh')
    expect(model.state.rows.slice(0, 5).every((row, index) => row === before[index])).toBe(true)
  })
})

describe('news while the room is open', () => {
  test('count as unseen when the person reads further up', () => {
    conversation.events = messages(5)
    const model = open()
    model.setBottomVisible(false)
    arrive('a', 'b')
    expect(model.state.unseen).toBe(2)
    model.setBottomVisible(true)
    expect(model.state.unseen).toBe(0)
  })

  test('are announced, own messages are not', () => {
    conversation.events = messages(5)
    const model = open()
    arrive('a')
    conversation.events = [...conversation.events, message('mine', { sender: 'me' })]
    conversation.emit('timeline')
    expect(model.state.announcement).toMatchObject({ count: 1, last: { id: 'a' } })
  })
})

describe('read receipts', () => {
  test('go out when the newest message is visible and the window has the attention', () => {
    conversation.events = messages(5)
    conversation.summary = { ...conversation.summary, unread: 5 }
    platform.setAttentive(false)
    const model = open()
    model.setBottomVisible(true)
    expect(conversation.calls).not.toContain('markRead e5')
    platform.setAttentive(true)
    expect(conversation.calls).toContain('markRead e5')
  })

  test('are sent once for each newest message', () => {
    conversation.events = messages(5)
    const model = open()
    model.setBottomVisible(true)
    model.setBottomVisible(true)
    arrive('a')
    expect(conversation.calls.filter((call) => call.startsWith('markRead'))).toEqual([
      'markRead e5',
      'markRead a',
    ])
  })

  test('never name a message that is still being sent', () => {
    conversation.events = [...messages(2), message('~1', { sender: 'me', status: 'sending' })]
    open().setBottomVisible(true)
    expect(conversation.calls.filter((call) => call.startsWith('markRead'))).toEqual([
      'markRead e2',
    ])
  })

  test('are not sent for what was read before', () => {
    conversation.events = messages(5)
    conversation.read = 'e5'
    open().setBottomVisible(true)
    expect(conversation.calls.filter((call) => call.startsWith('markRead'))).toEqual([])
  })
})
