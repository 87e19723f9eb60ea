import { expect, test } from 'vitest'
import { testDatabase } from '../../test/harness/database.ts'
import {
  makeRoom,
  memberDraft,
  next,
  testLog,
  testUser,
  type TestRoom,
} from '#log/test-support/test-logs.ts'
import { CURRENT_OF_KEYS } from './current-statements.ts'

test('keys of many rooms: of each room the current event of each pair of type and state key', async () => {
  await using database = await testDatabase()
  await using worker = await testLog(database.url)
  const [alice, bob] = [await testUser(worker, 'alice'), await testUser(worker, 'bob')]
  const rooms = {
    one: await makeRoom(worker, alice),
    two: await makeRoom(worker, alice),
    other: await makeRoom(worker, alice),
  }
  const add = async (...draft: Parameters<typeof next>) => {
    const item = next(...draft)
    await worker.log.append([item])
    return item.ref.pos
  }
  const state = (type: string, stateKey: string) => ({ type, stateKey, content: {} })
  const bobInOne = await add(rooms.one, bob, memberDraft(bob, 'join'))
  // the same state key of another type, and other keys of the wanted types
  await add(rooms.one, alice, state('org.example.state', bob.userId))
  await add(rooms.one, alice, state('m.room.name', bob.userId))
  await add(rooms.two, alice, state('m.room.name', ''))
  const nameOfTwo = await add(rooms.two, alice, state('m.room.name', ''))
  await add(rooms.other, bob, memberDraft(bob, 'join'))

  const read = async (keys: readonly TestRoom[], ...pairs: readonly [string, string][]) => {
    const rows = await worker.internals.reader.query<{ ev: number }>(CURRENT_OF_KEYS, [
      keys.map(({ key }) => key),
      pairs.map(([type]) => type),
      pairs.map(([, stateKey]) => stateKey),
    ])
    return rows.map(({ ev }) => ev).sort((a, b) => a - b)
  }
  const { one, two } = rooms
  const nameOfOne = 3
  const pairs: [string, string][] = [
    ['m.room.name', ''],
    ['m.room.member', bob.userId],
  ]
  expect(await read([one, two], ...pairs)).toEqual([nameOfOne, bobInOne, nameOfTwo])
  expect(await read([two], ...pairs)).toEqual([nameOfTwo])
  expect(await read([one, two], ['m.room.member', ''], ['org.never.seen', ''])).toEqual([])
  expect(await read([one, two])).toEqual([])
  expect(await read([], ...pairs)).toEqual([])
})
