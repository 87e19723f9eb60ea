import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodePageToken, parsePageToken } from './page-token.ts'
import { encodeSyncToken, parseSyncToken } from './sync-token.ts'

const count = fc.nat({ max: 999_999_999 })
const token = fc.record({
  tag: count,
  pos: fc.nat({ max: 2 ** 49 }),
  inbox: fc.option(count, { nil: undefined }),
  ephemeral: fc.option(
    fc.record(
      {
        boot: fc.stringMatching(/^[A-Za-z0-9]{1,32}$/),
        n: count,
        shown: fc.nat({ max: 2 ** 32 - 1 }).map((sum) => sum.toString(36)),
      },
      { requiredKeys: ['boot', 'n'] },
    ),
    { nil: undefined },
  ),
})

describe('a sync token', () => {
  test('may tell a place among the changes of presence', () => {
    for (const text of ['s1_2_p1700000000000', 's1_2_d3_xa.1.b_p7']) {
      expect(encodeSyncToken(parseSyncToken(text))).toBe(text)
    }
    expect(parseSyncToken('s1_2_xa.1_p7').presence).toBe(7)
  })

  test('parses to what it was made of', () => {
    fc.assert(
      fc.property(token, (value) => {
        expect(parseSyncToken(encodeSyncToken(value))).toEqual(value)
      }),
    )
  })

  test('of a split log keeps all positions', () => {
    const parsed = parseSyncToken('s3_12.7.9_d4')
    expect(parsed).toMatchObject({ tag: 3, pos: 12, otherLogs: [7, 9], inbox: 4 })
    expect(encodeSyncToken(parsed)).toBe('s3_12.7.9_d4')
  })

  test.each([
    '',
    's1',
    's_1',
    's1_',
    's1_-2',
    's1_2_d',
    's1_2_x3',
    's1_2_xa.b',
    's1_2_xa.1.',
    's1_2_p',
    's1_2_p1_xa.1',
    's1_2_xa.1.B',
    's1_2 ',
    'x1_2',
    's1_2_d3_d4',
    's1_99999999999999999',
    's1_1..2',
    't1_2',
    'undefined',
  ])('%j is refused as an invalid parameter', (text) => {
    expect(() => parseSyncToken(text)).toThrow(
      expect.objectContaining({ status: 400, errcode: 'M_INVALID_PARAM' }),
    )
  })
})

describe('a pagination token', () => {
  test('parses to what it was made of, before the log began too', () => {
    for (const place of [
      { depth: 0, pos: 1 },
      { depth: 12, pos: -4 },
    ]) {
      expect(parsePageToken(encodePageToken(place))).toEqual(place)
    }
  })

  test.each(['', 't1', 't1_', 't-1_2', 't1_2_3', 's1_2'])('%j is refused', (text) => {
    expect(() => parsePageToken(text)).toThrow(
      expect.objectContaining({ errcode: 'M_INVALID_PARAM' }),
    )
  })
})
