import { expect, test } from 'vitest'
import { asRoomKey } from '#log/keys.ts'
import { queryInRooms, queryText, vectorText } from './lexemes.ts'

const ROOM = asRoomKey(7)

test('an event is found by its room, and by its words with their places', () => {
  expect(vectorText(ROOM, 'Red fish, blue fish')).toBe("'#7' 'red':1 'fish':2,4 'blue':3")
  expect(vectorText(ROOM, '...')).toBe("'#7'")
})

test('characters of an unspaced script are there in pairs', () => {
  expect(vectorText(ROOM, '日本語 x')).toBe("'#7' '日本':1 '本語':2 '語':3 'x':4")
})

test('a search wants each word, longer ones also as a beginning', () => {
  expect(queryText('The Red Fishes the')).toBe("'the' & 'red' & 'fishes':*")
  expect(queryText('日本語')).toBe("('日本' <-> '本語')")
  expect(queryText('猫')).toBe("'猫':*")
  expect(queryText('  !')).toBeUndefined()
})

test('a search names the rooms it is about', () => {
  const rooms = [ROOM, asRoomKey(12)]
  expect(queryInRooms("'a' & 'b'", rooms)).toBe("('#7' | '#12') & 'a' & 'b'")
})

test('of a text without end only the beginning is searchable', () => {
  const text = Array.from({ length: 30_000 }, (_, n) => `w${n}`).join(' ')
  const vector = vectorText(ROOM, text)
  expect(vector).toContain("'w9999':10000")
  expect(vector).not.toContain('w10000')
})
