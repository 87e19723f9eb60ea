import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseUserId } from '#matrix/ids.ts'
import { searchForm, searchTerm, tokensOf, wholeToken } from './search-form.ts'

const ALICE = parseUserId('@alice:test.example')

test('localpart and name are searched, the server is not', () => {
  const { search, tokens } = searchForm(ALICE, ' Alice  LIDDELL ')
  expect(search).toBe('alice\nalice liddell')
  expect(tokens).toEqual(expect.arrayContaining(['al', 'll', ' l', wholeToken('alice liddell')]))
  // no pair goes over the end of a line
  expect(tokens).not.toContain('ea')
})

test.each([
  ['Alice', { words: ['alice'], whole: 'alice', idPrefix: undefined }],
  ['@Ali', { words: ['ali'], whole: 'ali', idPrefix: '@ali' }],
  ['@alice:test', { words: ['alice'], whole: 'alice', idPrefix: '@alice:test' }],
  ['alice lidd', { words: ['alice', 'lidd'], whole: 'alice lidd', idPrefix: undefined }],
  ['@ work', { words: ['@', 'work'], whole: '@ work', idPrefix: undefined }],
])('the term %s', (text, term) => {
  expect(searchTerm(text)).toEqual(term)
})

test.each(['', ' ', '\n\u3000'])('the term %j looks for nothing', (text) => {
  expect(searchTerm(text)).toBeUndefined()
})

test('whatever part of a name is looked for, the index has all that is asked of it', () => {
  const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(names, fc.nat(), fc.nat(), (name, from, length) => {
      const { search, tokens } = searchForm(ALICE, name)
      const line = [...(search.split('\n')[1] ?? '')]
      const start = from % Math.max(1, line.length)
      const part = line.slice(start, start + 1 + (length % line.length || 0)).join('')
      const term = searchTerm(part)
      if (term === undefined || term.idPrefix !== undefined) return
      if (!term.words.every((word) => search.includes(word))) return
      expect(tokens).toEqual(expect.arrayContaining(tokensOf(term)))
    }),
  )
})

test('a very long name or term is cut', () => {
  const long = 'é'.repeat(100_000)
  expect([...(searchTerm(long)?.whole ?? '')]).toHaveLength(200)
  expect(searchForm(ALICE, long).tokens.length).toBeLessThan(250)
})
