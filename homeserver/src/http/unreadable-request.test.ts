import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { pipelineServer } from './test-support/pipeline-server.ts'
import { endpoint } from './endpoint.ts'

const PATH = '/_matrix/client/v3/thing'
const thing = endpoint({
  method: 'GET',
  path: PATH,
  auth: 'none',
  handler: () => Promise.resolve({}),
})

async function answerTo(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let answer = ''
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
  socket.write(request)
  await once(socket, 'close')
  return answer
}

test('a long query is served, one beyond 64 KiB told what to do in the form of all errors', async () => {
  await using server = await pipelineServer([thing])
  expect((await fetch(`${server.url}${PATH}?q=${'x'.repeat(40_000)}`)).status).toBe(200)
  const response = await fetch(`${server.url}${PATH}?q=${'x'.repeat(70_000)}`)
  expect(response.status).toBe(431)
  expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
  expect(await response.json()).toMatchObject({ errcode: 'M_TOO_LARGE' })
})

test('what is no HTTP is answered by JSON, and the server goes on', async () => {
  await using server = await pipelineServer([thing])
  const answer = await answerTo(server.url, 'EHLO mail.example.org\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
  expect(answer).toMatch(/Connection: close\r\n/)
  expect(answer).toMatch(/\r\n\r\n\{"errcode":"M_UNKNOWN","error":"[^"]+"\}$/)
  expect((await fetch(server.url + PATH)).status).toBe(200)
})

test('who leaves in the middle of a request is not answered', async () => {
  await using server = await pipelineServer([thing])
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  socket.write(`GET ${PATH} HTTP/1.1\r\nHost:`)
  await once(socket, 'connect')
  socket.resetAndDestroy()
  expect((await fetch(server.url + PATH)).status).toBe(200)
})
