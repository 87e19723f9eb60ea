import { expect, test } from 'vitest'
import { asUserKey } from '#log/keys.ts'
import { ChangedUsers } from './changed-users.ts'

const [ALICE, BOB] = [asUserKey(1), asUserKey(2)]

function changes(start = 1000) {
  let now = start
  const made = new ChangedUsers({ now: () => now })
  return { made, at: (time: number) => (now = time) }
}

test('changes have rising numbers, even when the clock stands still or goes back', () => {
  const { made, at } = changes()
  const stamps = [made.add(ALICE), made.add(BOB)]
  at(500)
  stamps.push(made.add(ALICE))
  expect(stamps).toEqual([1000, 1001, 1002])
  expect(made.stamp).toBe(1002)
})

test('whoever changed after a place is told once', () => {
  const { made } = changes()
  const before = made.stamp
  made.add(ALICE)
  const between = made.add(BOB)
  made.add(ALICE)
  expect(made.after(before)).toEqual(new Set([ALICE, BOB]))
  expect([...made.after(between)]).toEqual([ALICE])
  expect([...made.after(made.stamp)]).toEqual([])
})

test('a place far back is answered as completely as a recent one', () => {
  const { made } = changes()
  const start = made.add(ALICE)
  for (let user = 2; user <= 20_001; user++) made.add(asUserKey(user))
  expect(made.after(start).size).toBe(20_000)
  expect(made.after(made.stamp - 3).size).toBe(3)
})

test('what was stored before keeps its number', () => {
  const { made, at } = changes(5000)
  made.add(ALICE, 100)
  made.add(BOB, 200)
  expect([...made.after(150)]).toEqual([BOB])
  at(6000)
  expect(made.add(ALICE)).toBe(6000)
})
