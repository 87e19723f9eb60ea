import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { type Exchange, observeWith } from './exchange.ts'
import { RecordingProxy } from './recording-proxy.ts'

afterEach(() => observeWith(() => undefined))

/** A server that answers with what it was asked. */
async function echo() {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      response.writeHead(201, { 'Content-Type': 'application/json', 'X-Own': 'kept' })
      response.end(JSON.stringify([request.method, request.url, request.headers['x-mine'], body]))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((done) => server.close(() => done())),
  }
}

test('requests and answers pass as they are, and the recorder sees both', async () => {
  await using target = await echo()
  await using proxy = await RecordingProxy.start(target.url)
  const seen: Exchange[] = []
  observeWith((exchange) => seen.push(exchange))
  const path = '/_matrix/client/v3/x%2Fy?z=%20'
  const answer = await fetch(proxy.url + path, {
    method: 'PUT',
    body: '{"a":1}',
    headers: { 'X-Mine': 'too', Connection: 'close' },
  })
  expect(answer.status).toBe(201)
  expect(answer.headers.get('x-own')).toBe('kept')
  const body = await answer.text()
  expect(JSON.parse(body)).toEqual(['PUT', path, 'too', '{"a":1}'])
  expect(seen).toMatchObject([{ method: 'PUT', origin: target.url, path, status: 201, text: body }])
  expect(String(seen[0]?.requestBody)).toBe('{"a":1}')
})

test('a server that is gone closes the connection', async () => {
  const target = await echo()
  await target[Symbol.asyncDispose]()
  await using proxy = await RecordingProxy.start(target.url)
  await expect(fetch(proxy.url)).rejects.toThrow()
})
