import { expect, test } from 'vitest'
import { parseRoomId } from '#matrix/ids.ts'
import { filterSchema } from '#services/filters/index.ts'
import { syncFilter } from './filter.ts'
import { storedEvent } from './test-support/entries.ts'

const compile = (filter: object) => syncFilter(filterSchema.parse(filter))
const room = (name: string) => parseRoomId(`!${name}:test`)

test('without a filter everything passes, ten events of a timeline', () => {
  const filter = compile({})
  expect(filter.timelineLimit).toBe(10)
  expect(filter.timeline.all).toBe(true)
  expect(filter.timeline.event(storedEvent(1))).toBe(true)
  expect(filter.room(room('any'))).toBe(true)
  expect(filter.lazyMembers).toBe(false)
})

test('a timeline is never longer than a hundred events', () => {
  expect(compile({ room: { timeline: { limit: 5000 } } }).timelineLimit).toBe(100)
})

test('what is listed as unwanted is dropped even when it is also wanted', () => {
  const { timeline } = compile({
    room: { timeline: { types: ['m.room.*'], not_types: ['m.room.name'] } },
  })
  expect(timeline.event(storedEvent(1, { type: 'm.room.topic' }))).toBe(true)
  expect(timeline.event(storedEvent(2, { type: 'm.room.name' }))).toBe(false)
  expect(timeline.event(storedEvent(3, { type: 'org.example' }))).toBe(false)
})

test('an empty list of wanted types lets nothing pass', () => {
  const { state } = compile({ room: { state: { types: [] } } })
  expect(state.event(storedEvent(1))).toBe(false)
})

test('senders are picked and dropped', () => {
  const { timeline } = compile({
    room: { timeline: { senders: ['@alice:test', '@bob:test'], not_senders: ['@bob:test'] } },
  })
  expect(timeline.event(storedEvent(1, { sender: '@alice:test' }))).toBe(true)
  expect(timeline.event(storedEvent(2, { sender: '@bob:test' }))).toBe(false)
  expect(timeline.event(storedEvent(3, { sender: '@carol:test' }))).toBe(false)
})

test('rooms are picked for everything or for one part', () => {
  const filter = compile({
    room: { not_rooms: ['!a:test'], ephemeral: { rooms: ['!b:test'] } },
  })
  expect(filter.room(room('a'))).toBe(false)
  expect(filter.room(room('b'))).toBe(true)
  expect(filter.ephemeral.room(room('b'))).toBe(true)
  expect(filter.ephemeral.room(room('c'))).toBe(false)
})

test('contains_url looks for the key at the top of the content', () => {
  const withUrl = storedEvent(1, { content: { url: 'mxc://test/a' } })
  const mentioned = storedEvent(2, { content: { body: 'the "url" key', inner: { url: 'x' } } })
  const wanted = compile({ room: { timeline: { contains_url: true } } }).timeline
  expect([withUrl, mentioned].map(wanted.event)).toEqual([true, false])
  const unwanted = compile({ room: { timeline: { contains_url: false } } }).timeline
  expect([withUrl, mentioned].map(unwanted.event)).toEqual([false, true])
})
