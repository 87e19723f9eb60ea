import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordsOf, writtenWords } from './words.ts'

const folded = (text: string) => wordsOf(text).map((word) => word.folded)

test.each([
  ['Hello, World!', ['hello', 'world']],
  ["don't snake_case 3.14", ['don', 't', 'snake_case', '3', '14']],
  ['Café CAFÉ cafe\u0301', ['cafe', 'cafe', 'cafe']],
  ['Straße ΟΔΟΣ Ёлка', ['straße', 'οδοσ', 'елка']],
  ['ﬁne ２０２６', ['fine', '2026']],
  ['𝐀𝐁 ᴬ ϒ', ['ab', 'a', 'υ']],
  ['हिन्दी नमस्ते', ['हिन्दी', 'नमस्ते']],
  ['مرحبا بالعالم', ['مرحبا', 'بالعالم']],
  ['日本語のテキスト', ['日本語のテキスト']],
  ['用Matrix聊天', ['用', 'matrix', '聊天']],
  ['สวัสดีชาวโลก', ['สวัสดีชาวโลก']],
  ['안녕하세요 세계', ['안녕하세요', '세계']],
  ['party 🎉🎉 time', ['party', '🎉', '🎉', 'time']],
  ['... !?', []],
  ['', []],
])('%s is split into words', (text, words) => {
  expect(folded(text)).toEqual(words)
})

test('runs of unspaced scripts are told from words', () => {
  expect(wordsOf('用Matrix')).toEqual([
    { folded: '用', unspaced: true },
    { folded: 'matrix', unspaced: false },
  ])
})

test('what is marked in results is written as in the search', () => {
  expect(writtenWords('Café, café 日本語! ')).toEqual(['café', '日本語'])
})

test('a very long word is compared by its beginning', () => {
  expect(folded('x'.repeat(5_000))).toEqual(['x'.repeat(100)])
})

test('marks without end take no time without end', () => {
  const marks = '\u0301'.repeat(30_000)
  expect(folded(`${marks} x${marks}`)).toEqual([marks.slice(0, 100), 'x'])
})

test('words hold nothing that a query could be made of, and folding them again changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const words = folded(text)
      const plain = /^(?:[\p{L}\p{N}\p{M}_]+|\p{Extended_Pictographic})$/u
      expect(words.filter((word) => !plain.test(word) || folded(word).join('') !== word)).toEqual(
        [],
      )
    }),
  )
})
