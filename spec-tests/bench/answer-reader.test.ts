import { expect, test } from 'vitest'
import { AnswerReader } from './answer-reader.ts'

const answers = {
  'of a stated length':
    'HTTP/1.1 200 OK\r\nContent-Length: 9\r\nX-A: b: c\r\n\r\n{"a":"é"}'.replace(
      'Content-Length: 9',
      'Content-Length: 10',
    ),
  'in chunks':
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n6\r\n:"é"}\r\n0\r\n\r\n',
}

for (const [name, text] of Object.entries(answers)) {
  test(`an answer ${name} is read however it is cut`, () => {
    const bytes = Buffer.from(text)
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const reader = new AnswerReader()
      expect(reader.add(bytes.subarray(0, cut))).toBeUndefined()
      expect(reader.add(bytes.subarray(cut))).toMatchObject({ status: 200, body: { a: 'é' } })
    }
  })
}

test('an answer without a length, or none at all, is refused', () => {
  expect(() => new AnswerReader().add(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toThrow('length')
  expect(() => new AnswerReader().add(Buffer.from('SSH-2.0\r\n\r\n'))).toThrow('No HTTP answer')
})

test('an empty body is no JSON', () => {
  const bytes = Buffer.from('HTTP/1.1 429 Slow down\r\ncontent-length: 0\r\n\r\n')
  expect(new AnswerReader().add(bytes)).toMatchObject({ status: 429, body: undefined, text: '' })
})
