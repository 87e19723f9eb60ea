import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endpoint, jsonObject, queryInt, queryList, storableText, z } from '#http/endpoint.ts'
import { pipelineServer } from '#http/test-support/pipeline-server.ts'
import { deviceId, roomId, userId } from '#matrix/ids.ts'

const V3 = '/_matrix/client/v3'
const done = () => Promise.resolve({})

/** Endpoints with every kind of input that the real ones have. */
const ENDPOINTS = [
  endpoint({
    method: 'POST',
    path: `${V3}/typed`,
    auth: 'none',
    body: z.object({
      text: storableText,
      flag: z.boolean().optional(),
      count: z.int().min(0).optional(),
      kind: z.enum(['a', 'b']).optional(),
      device_id: deviceId.optional(),
      inner: z.object({ list: z.array(z.string()) }).optional(),
      either: z.union([z.string(), z.number()]).optional(),
      content: jsonObject.optional(),
    }),
    maxBodyBytes: 10_000,
    handler: done,
  }),
  endpoint({ method: 'POST', path: `${V3}/object`, auth: 'none', body: jsonObject, handler: done }),
  endpoint({
    method: 'GET',
    path: `${V3}/rooms/:roomId/of/:userId`,
    auth: 'none',
    params: z.object({ roomId, userId }),
    handler: done,
  }),
  endpoint({
    method: 'GET',
    path: `${V3}/query`,
    auth: 'none',
    query: z.object({ need: z.string(), limit: queryInt.optional(), via: queryList.optional() }),
    handler: done,
  }),
  endpoint({ method: 'GET', path: `${V3}/private`, auth: 'user', handler: done }),
]

let server: Awaited<ReturnType<typeof pipelineServer>>
beforeAll(async () => {
  server = await pipelineServer(ENDPOINTS)
})
afterAll(async () => {
  // whatever a client did wrong: no error, no stack trace
  expect(server.lines.filter(({ level }) => level !== 'debug')).toEqual([])
  await server.close()
})

async function answer(response: Promise<Response>): Promise<string> {
  const { status, body } = await response.then(async (r) => ({
    status: r.status,
    body: (await r.json()) as { errcode?: string; error?: string },
  }))
  if (status === 200) return '200'
  expect(body.error).toMatch(/\S/)
  return `${status} ${body.errcode}`
}

const post = (path: string, body: string | Uint8Array<ArrayBuffer>) =>
  answer(fetch(server.url + V3 + path, { method: 'POST', body }))
const get = (path: string, headers: Record<string, string> = {}) =>
  answer(fetch(server.url + V3 + path, { headers }))

test.each([
  ['nothing', '', '400 M_NOT_JSON'],
  ['a space', ' ', '400 M_NOT_JSON'],
  ['an open object', '{"text":"x"', '400 M_NOT_JSON'],
  ['two objects', '{}{}', '400 M_NOT_JSON'],
  ['single quotes', "{'text':'x'}", '400 M_NOT_JSON'],
  ['a trailing comma', '{"text":"x",}', '400 M_NOT_JSON'],
  ['NaN', '{"text":"x","count":NaN}', '400 M_NOT_JSON'],
  ['a bare NUL', '{"text":"\0"}', '400 M_NOT_JSON'],
  ['a form', 'text=x', '400 M_NOT_JSON'],
  ['a byte order mark', '\ufeff{"text":"x"}', '400 M_NOT_JSON'],
  ['a list', '[]', '400 M_BAD_JSON'],
  ['null', 'null', '400 M_BAD_JSON'],
  ['a text', '"text"', '400 M_BAD_JSON'],
  ['a number', '1', '400 M_BAD_JSON'],
  ['deep nesting', `{"text":${'['.repeat(600)}${']'.repeat(600)}}`, '400 M_BAD_JSON'],
  ['a required value absent', '{}', '400 M_MISSING_PARAM'],
  ['a required value in the prototype only', '{"__proto__":{"text":"x"}}', '400 M_MISSING_PARAM'],
  ['a required inner value absent', '{"text":"x","inner":{}}', '400 M_MISSING_PARAM'],
  ['null for a text', '{"text":null}', '400 M_BAD_JSON'],
  ['a number for a text', '{"text":1}', '400 M_BAD_JSON'],
  ['an object for a text', '{"text":{}}', '400 M_BAD_JSON'],
  ['a text for a boolean', '{"text":"x","flag":"true"}', '400 M_BAD_JSON'],
  ['a text for a number', '{"text":"x","count":"1"}', '400 M_BAD_JSON'],
  ['a number for an enumeration', '{"text":"x","kind":1}', '400 M_BAD_JSON'],
  ['a list for an object', '{"text":"x","inner":[]}', '400 M_BAD_JSON'],
  ['a text for a list', '{"text":"x","inner":{"list":"x"}}', '400 M_BAD_JSON'],
  ['a wrong type in a list', '{"text":"x","inner":{"list":["x",1]}}', '400 M_BAD_JSON'],
  ['a wrong type for each alternative', '{"text":"x","either":{}}', '400 M_BAD_JSON'],
  ['a list for foreign content', '{"text":"x","content":[]}', '400 M_BAD_JSON'],
  ['null for foreign content', '{"text":"x","content":null}', '400 M_BAD_JSON'],
  ['a fraction', '{"text":"x","count":1.5}', '400 M_INVALID_PARAM'],
  ['a number out of range', '{"text":"x","count":-1}', '400 M_INVALID_PARAM'],
  ['an unsafe integer', '{"text":"x","count":9007199254740993}', '400 M_INVALID_PARAM'],
  ['a huge number', '{"text":"x","count":1e999}', '400 M_INVALID_PARAM'],
  ['an unknown value', '{"text":"x","kind":"c"}', '400 M_INVALID_PARAM'],
  ['an empty device id', '{"text":"x","device_id":""}', '400 M_INVALID_PARAM'],
  ['NUL in a stored text', '{"text":"a\\u0000b"}', '400 M_INVALID_PARAM'],
  ['half a surrogate pair', '{"text":"\\ud800"}', '400 M_INVALID_PARAM'],
  ['more than the limit', JSON.stringify({ text: 'x'.repeat(10_000) }), '413 M_TOO_LARGE'],
  ['a good body', '{"text":"x","content":{"__proto__":1,"nul":"\\u0000"}}', '200'],
  ['unknown keys', '{"text":"x","other":1,"constructor":2}', '200'],
  ['duplicate keys', '{"text":1,"text":"x"}', '200'],
])('a typed body: %s', async (_, body, expected) => {
  expect(await post('/typed', body)).toBe(expected)
})

test.each([
  ['invalid UTF-8', [0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]],
  ['a cut-off character', [0x22, 0xe2, 0x82]],
  ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
  ['UTF-16', [0x7b, 0x00, 0x7d, 0x00]],
])('a body that is no text: %s', async (_, bytes) => {
  expect(await post('/object', Uint8Array.from(bytes))).toBe('400 M_NOT_JSON')
})

test.each([
  ['/rooms/!r:hs/of/@u:hs', '200'],
  ['/rooms/%21r%3Ahs/of/%40u%3Ahs', '200'],
  ['/rooms/r:hs/of/@u:hs', '400 M_INVALID_PARAM'],
  ['/rooms/!r:hs/of/u', '400 M_INVALID_PARAM'],
  ['/rooms/!r:hs/of/@u', '400 M_INVALID_PARAM'],
  ['/rooms/!r:hs/of/@u:h_s', '400 M_INVALID_PARAM'],
  [`/rooms/!r:hs/of/@${'u'.repeat(255)}:hs`, '400 M_INVALID_PARAM'],
  ['/rooms/!r%ZZ/of/@u:hs', '400 M_INVALID_PARAM'],
  ['/rooms/%ff/of/@u:hs', '400 M_INVALID_PARAM'],
  ['/rooms/%ed%a0%80/of/@u:hs', '400 M_INVALID_PARAM'],
  ['/rooms/!r%00:hs/of/@u:hs', '400 M_INVALID_PARAM'],
  ['/rooms/__proto__/of/@u:hs', '400 M_INVALID_PARAM'],
  ['/rooms//of/@u:hs', '404 M_UNRECOGNIZED'],
])('the path %s', async (path, expected) => {
  expect(await get(path)).toBe(expected)
})

test.each([
  ['?need=x', '200'],
  ['?need=', '200'],
  ['?need=x&via=a&via=b&limit=10', '200'],
  ['', '400 M_MISSING_PARAM'],
  ['?', '400 M_MISSING_PARAM'],
  ['?need', '200'],
  ['?need=a&need=b', '400 M_INVALID_PARAM'],
  ['?need=x&limit=ten', '400 M_INVALID_PARAM'],
  ['?need=x&limit=1.5', '400 M_INVALID_PARAM'],
  ['?need=x&limit=99999999999999999999', '400 M_INVALID_PARAM'],
  ['?need=x&limit=', '400 M_INVALID_PARAM'],
  ['?need=a%00b', '400 M_INVALID_PARAM'],
  ['?__proto__=x', '400 M_MISSING_PARAM'],
])('the query %s', async (query, expected) => {
  expect(await get(`/query${query}`)).toBe(expected)
})

test.each([
  [{}, '401 M_MISSING_TOKEN'],
  [{ Authorization: '' }, '401 M_MISSING_TOKEN'],
  [{ Authorization: 'Bearer ' }, '401 M_MISSING_TOKEN'],
  [{ Authorization: 'Basic YWxpY2U6eA==' }, '401 M_MISSING_TOKEN'],
  [{ Authorization: 'Bearer nobody' }, '401 M_UNKNOWN_TOKEN'],
  [{ Authorization: `Bearer ${'x'.repeat(8000)}` }, '401 M_UNKNOWN_TOKEN'],
  [{ Authorization: 'Bearer alice-token extra' }, '401 M_UNKNOWN_TOKEN'],
])('the headers %j', async (headers, expected) => {
  expect(await get('/private', headers as Record<string, string>)).toBe(expected)
})

/** Sends bytes as they are and returns the whole answer. */
async function raw(request: string): Promise<string> {
  const socket = connect(server.port, '127.0.0.1')
  socket.write(request)
  return await text(socket)
}

test('a chunked body over the limit is cut off, and the connection closed', async () => {
  const chunk = `${(5000).toString(16)}\r\n${'x'.repeat(5000)}\r\n`
  const head = `POST ${V3}/typed HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`
  const reply = await raw(head + chunk.repeat(3))
  expect(reply).toMatch(/^HTTP\/1\.1 413 /)
  expect(reply).toMatch(/Connection: close/i)
  expect(reply).toContain('M_TOO_LARGE')
})

test('a request that announces too much is refused before it is sent', async () => {
  const head = `POST ${V3}/typed HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n`
  expect(await raw(head)).toMatch(/^HTTP\/1\.1 413 /)
})

test('a client that goes away amid its body leaves nothing behind', async () => {
  const socket = connect(server.port, '127.0.0.1')
  socket.write(`POST ${V3}/typed HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"te`)
  const before = server.lines.length
  await expect.poll(() => (socket.connecting ? 0 : 1)).toBe(1)
  socket.destroy()
  await expect.poll(() => server.lines.length).toBeGreaterThan(before)
})
