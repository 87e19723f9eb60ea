import { describe, expect, it } from 'vitest'
import {
  isDeviceId,
  isEventId,
  isLocalpart,
  isRoomAlias,
  isRoomId,
  isServerName,
  isUserId,
  localpartOf,
  parseDeviceId,
  parseEventId,
  parseRoomId,
  parseServerName,
  parseUserId,
  serverOf,
  userId,
} from './ids.ts'

const HASH = 'abcXYZ019-_'.padEnd(43, 'A')

describe('server names', () => {
  it.each([
    'matrix.org',
    'matrix.org:8888',
    '1.2.3.4',
    '1.2.3.4:1234',
    '[1234:5678::abcd]',
    '[1234:5678::abcd]:5678',
    '[::1]',
    'localhost',
    'MATRIX.org',
    'a-b.c',
    'a'.repeat(255),
  ])('%s is one', (text) => {
    expect(isServerName(text)).toBe(true)
  })

  it.each([
    '',
    ':8448',
    'matrix.org:',
    'matrix.org:123456',
    'matrix.org:8a',
    'matrix_org',
    'matrix.org/',
    'matrix org',
    '::1',
    '[::1',
    '[]',
    '[gggg]',
    'mätrix.org',
    'matrix.org\n',
    '__proto__',
    'a'.repeat(256),
  ])('%j is none', (text) => {
    expect(isServerName(text)).toBe(false)
    expect(() => parseServerName(text)).toThrow(TypeError)
  })
})

describe('user IDs', () => {
  it.each([
    '@alice:example.org',
    '@a.b_c=d-e/f+g:example.org:8448',
    '@alice:[::1]:8448',
    '@:example.org',
    '@Älice 😀\n:example.org',
    `@${'a'.repeat(242)}:example.org`,
  ])('%j is one', (text) => {
    expect(isUserId(text)).toBe(true)
    expect(parseUserId(text)).toBe(text)
    expect(userId.parse(text)).toBe(text)
  })

  it.each([
    '',
    '@',
    '@alice',
    'alice:example.org',
    '@alice:',
    '@alice:exa mple.org',
    '@al\0ice:example.org',
    '@al\ud800ice:example.org',
    '@a:b:c:example.org',
    '#alice:example.org',
    `@${'a'.repeat(243)}:example.org`,
    `@${'é'.repeat(122)}:example.org`,
  ])('%j is none', (text) => {
    expect(isUserId(text)).toBe(false)
    expect(() => parseUserId(text)).toThrow(TypeError)
    expect(userId.safeParse(text).success).toBe(false)
  })

  it.each([
    ['alice', true],
    ['a.b_c=d-e/f+9', true],
    ['', false],
    ['Alice', false],
    ['al ice', false],
    ['älice', false],
    ['a:b', false],
  ])('a new account may have the localpart %j: %s', (text, expected) => {
    expect(isLocalpart(text)).toBe(expected)
  })
})

describe('room IDs', () => {
  it.each(['!abc:example.org', '!é 😀:example.org:80', `!${HASH}`, `!${HASH}:example.org`])(
    '%j is one',
    (text) => {
      expect(isRoomId(text)).toBe(true)
      expect(parseRoomId(text)).toBe(text)
    },
  )

  it.each([
    '',
    '!',
    '!abc',
    '!:example.org',
    '!a\0c:example.org',
    '!a\udc00:example.org',
    `!${HASH}A`,
    `!${HASH.slice(1)}`,
    `!${HASH.slice(1)}+`,
    `!${HASH}\n`,
    '#abc:example.org',
    `!${'a'.repeat(255)}:example.org`,
  ])('%j is none', (text) => {
    expect(isRoomId(text)).toBe(false)
    expect(() => parseRoomId(text)).toThrow(TypeError)
  })
})

describe('event IDs', () => {
  it.each([`$${HASH}`, `$${HASH.slice(2)}+/`, '$abc:example.org'])('%j is one', (text) => {
    expect(isEventId(text)).toBe(true)
    expect(parseEventId(text)).toBe(text)
  })

  it.each([
    '',
    '$',
    '$abc',
    '$:example.org',
    `$${HASH}A`,
    `$${HASH}=`,
    `$${HASH}\n`,
    HASH,
    '$\0:x',
  ])('%j is none', (text) => {
    expect(isEventId(text)).toBe(false)
    expect(() => parseEventId(text)).toThrow(TypeError)
  })
})

describe('room aliases', () => {
  it.each(['#room:example.org', '#é 😀:example.org'])('%j is one', (text) => {
    expect(isRoomAlias(text)).toBe(true)
  })

  it.each(['', '#', '#room', '#:example.org', '#ro\0om:example.org', '!room:example.org'])(
    '%j is none',
    (text) => {
      expect(isRoomAlias(text)).toBe(false)
    },
  )
})

describe('device IDs', () => {
  it.each(['ABC', 'a b', 'é😀', 'x'.repeat(255)])('%j is one', (text) => {
    expect(isDeviceId(text)).toBe(true)
    expect(parseDeviceId(text)).toBe(text)
  })

  it.each(['', 'a\0', '\ud800', 'x'.repeat(256), 'é'.repeat(128)])('%j is none', (text) => {
    expect(isDeviceId(text)).toBe(false)
    expect(() => parseDeviceId(text)).toThrow(TypeError)
  })
})

describe('parts of an ID', () => {
  it('are its localpart and server', () => {
    expect(localpartOf(parseUserId('@alice:example.org:80'))).toBe('alice')
    expect(serverOf(parseUserId('@alice:example.org:80'))).toBe('example.org:80')
    expect(serverOf(parseRoomId('!abc:[::1]:80'))).toBe('[::1]:80')
  })

  it('have no server in room version 12', () => {
    expect(serverOf(parseRoomId(`!${HASH}`))).toBeUndefined()
  })
})
