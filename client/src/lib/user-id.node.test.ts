import { expect, test } from 'vitest'
import { isValidUsername, localpartOf, parseUserId, serverNameOf } from './user-id.ts'

test.each([
  ['alice', '@alice:h.org'],
  [' @alice ', '@alice:h.org'],
  ['@alice:other.org:8448', '@alice:other.org:8448'],
  ['@alice:[::1]:80', '@alice:[::1]:80'],
  ['', undefined],
  ['@', undefined],
  ['two words', undefined],
  ['@a:b c', undefined],
  ['@:h.org', undefined],
  [`@${'a'.repeat(260)}:h.org`, undefined],
])('%j is read as %j', (input, expected) => {
  expect(parseUserId(input, 'h.org')).toBe(expected)
})

test('a server name keeps its port', () => {
  expect(serverNameOf('@alice:localhost:8008')).toBe('localhost:8008')
  expect(localpartOf('@alice:localhost:8008')).toBe('alice')
})

test('usernames are lower case', () => {
  expect(isValidUsername('a.b_c=d-e/f+1')).toBe(true)
  expect(['Alice', 'a b', 'ä', '', '@a'].some(isValidUsername)).toBe(false)
})
