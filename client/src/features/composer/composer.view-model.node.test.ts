import { beforeEach, describe, expect, test } from 'vitest'
import { FakeConversation } from '#test/fakes/fake-conversation.ts'
import { FakePlatform } from '#test/fakes/fake-platform.ts'
import { message } from '#test/fakes/summaries.ts'
import { ComposerViewModel } from './composer.view-model.ts'

let conversation: FakeConversation
let platform: FakePlatform
let drafts: Map<string, string>

beforeEach(() => {
  conversation = new FakeConversation()
  platform = new FakePlatform()
  drafts = new Map()
})

const open = (): ComposerViewModel => new ComposerViewModel({ conversation, platform, drafts })
const sent = (): string[] => conversation.calls.filter((call) => !call.startsWith('setTyping'))

describe('sending', () => {
  test('trims the text and empties the field', () => {
    const model = open()
    model.setText('  hello\n')
    expect(model.send()).toBe(true)
    expect(sent()).toEqual(['sendText hello'])
    expect(model.state.text).toBe('')
  })

  test('nothing is sent when there is nothing, or no permission', () => {
    const model = open()
    model.setText(' \n ')
    expect(model.send()).toBe(false)
    conversation.may = { ...conversation.may, send: false }
    conversation.emit('room')
    model.setText('hello')
    expect(model.send()).toBe(false)
    expect(sent()).toEqual([])
  })
})

describe('answering and editing', () => {
  beforeEach(() => {
    conversation.events = [
      message('a', { text: 'question' }),
      message('m', { sender: 'me', text: 'anwser' }),
      message('b'),
    ]
  })

  test('an answer names the message it answers, once', () => {
    const model = open()
    model.reply('a')
    expect(model.state.mode).toMatchObject({ kind: 'reply', name: 'ann', quote: 'question' })
    model.setText('yes')
    model.send()
    model.setText('more')
    model.send()
    expect(sent()).toEqual(['sendText yes -> a', 'sendText more'])
  })

  test('Up loads the last own message; sending replaces it and brings the draft back', () => {
    drafts.set('!room', 'half a thought')
    const model = open()
    expect(model.editLast()).toBe(true)
    expect(model.state.text).toBe('anwser')
    model.setText('answer')
    model.send()
    expect(sent()).toEqual(['editText m answer'])
    expect(model.state).toMatchObject({ text: 'half a thought', mode: { kind: 'new' } })
  })

  test('an edit without a change sends nothing', () => {
    const model = open()
    model.editLast()
    model.send()
    expect(sent()).toEqual([])
  })

  test('messages of others cannot be edited', () => {
    const model = open()
    model.edit('a')
    expect(model.state.mode.kind).toBe('new')
  })
})

test('a draft survives a change of rooms', () => {
  open().setText('later')
  expect(open().state.text).toBe('later')
})

describe('typing notices', () => {
  const notices = (): string[] => conversation.calls.filter((call) => call.startsWith('setTyping'))

  test('start with the first letter, repeat while writing, stop after a pause', () => {
    const model = open()
    model.setText('h')
    model.setText('he')
    expect(notices()).toEqual(['setTyping true'])
    platform.advance(5000)
    model.setText('hel')
    platform.advance(4000)
    model.setText('hell')
    expect(notices()).toEqual(['setTyping true', 'setTyping true'])
    platform.advance(6000)
    expect(notices().at(-1)).toBe('setTyping false')
  })

  test('stop when the message is sent, the field is emptied or the room is left', () => {
    const model = open()
    model.setText('a')
    model.send()
    model.setText('b')
    model.setText('')
    model.setText('c')
    model.dispose()
    expect(notices()).toEqual(
      [true, false, true, false, true, false].map((on) => `setTyping ${on}`),
    )
  })
})
