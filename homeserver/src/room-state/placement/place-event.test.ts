import { expect, test } from 'vitest'
import { OWN } from '#log/append/placed/placed-item.ts'
import { decodeCheckpoint } from '../checkpoint-codec.ts'
import { MAX_DEPTH } from './constants.ts'
import { placeEvent, type Known, type Standing } from './place-event.ts'

const known = (line: number, idx: number, entries: [number, number][], rest?: Partial<Known>) => ({
  point: { line, idx },
  state: new Map(entries),
  depth: 0,
  lineEnd: idx,
  ...rest,
})
const standing = (at: Known): Standing => ({ stateVersion: 5, extremities: [50], at })

test('a state event on the end of the current line is one row there', () => {
  const at = known(1, 4, [[10, 100]])
  const state = new Map([[10, OWN]])
  const placed = placeEvent({
    before: at.state,
    key: 10,
    parents: [at],
    standing: standing(at),
    next: { state, extremities: [OWN], others: [] },
  })
  expect(placed.lines).toEqual([])
  expect(placed.rows).toEqual([{ line: 1, idx: 5, key: 10, ev: OWN, prev: 100 }])
  expect(placed.point).toEqual({ line: 1, idx: 5 })
  expect(placed.current?.point).toEqual({ line: 1, idx: 5 })
  expect(placed.current?.changes).toEqual([{ key: 10, ev: OWN, prev: 100 }])
  expect(placed.expected).toEqual({ stateVersion: 5, extremities: [50] })
})

test('a soft-failed state event opens a line and leaves the current one alone', () => {
  const at = known(1, 4, [[10, 100]])
  const placed = placeEvent({
    before: at.state,
    key: 10,
    parents: [at],
    standing: standing(at),
    next: undefined,
  })
  expect(placed.lines).toMatchObject([{ parent: { line: 1, idx: 4 }, checkpoint: undefined }])
  expect(placed.rows).toMatchObject([{ line: -1, idx: 1, ev: OWN }])
  expect(placed.current).toBeUndefined()
  expect(placed.expected).toBeUndefined()
})

test('what a merge removes is a row without an event', () => {
  const at = known(1, 4, [
    [10, 100],
    [11, 101],
  ])
  const before = new Map([[10, 100]])
  const placed = placeEvent({
    before,
    key: undefined,
    parents: [at],
    standing: standing(known(2, 9, [...at.state, [12, 102]])),
    next: { state: before, extremities: [OWN], others: [] },
  })
  expect(placed.rows).toEqual([{ line: 1, idx: 5, key: 11, ev: undefined, prev: 101 }])
  expect(placed.current?.changes).toEqual([
    { key: 11, ev: undefined, prev: 101 },
    { key: 12, ev: undefined, prev: 102 },
  ])
})

test('below the deepest line a new one starts near the current state, or on a state of its own', () => {
  const many = Array.from({ length: 200 }, (_, n): [number, number] => [n + 20, n + 1])
  const deep = known(9, 2, [[10, 100], ...many], { depth: MAX_DEPTH, lineEnd: 7 })
  const near = known(1, 4, [[10, 101], ...many])
  const input = { before: deep.state, key: 10, parents: [deep], next: undefined }
  const flat = placeEvent({ ...input, standing: standing(near) })
  expect(flat.lines).toMatchObject([{ parent: { line: 1, idx: 4 } }])
  expect(flat.rows).toMatchObject([
    { key: 10, ev: 100 },
    { key: 10, ev: OWN },
  ])
  expect(flat.depth).toBe(1)

  const far = known(1, 4, [[10, 101]])
  const own = placeEvent({ ...input, standing: standing(far) })
  const checkpoint = own.lines[0]?.checkpoint
  expect(own.lines[0]?.parent).toBeUndefined()
  expect(checkpoint && decodeCheckpoint(checkpoint)).toEqual(new Map(deep.state))
  expect(own.depth).toBe(0)
})

test('the first event of a room that is joined starts on the state that was received', () => {
  const before = new Map([
    [10, -1],
    [11, -2],
  ])
  const state = new Map([...before, [12, OWN] as const])
  const placed = placeEvent({
    before,
    key: 12,
    parents: [],
    standing: undefined,
    next: { state, extremities: [OWN], others: [] },
  })
  const checkpoint = placed.lines[0]?.checkpoint
  expect(checkpoint && decodeCheckpoint(checkpoint)).toEqual(before)
  expect(placed.point).toEqual({ line: -1, idx: 1 })
  expect(placed.current?.changes).toHaveLength(3)
})
