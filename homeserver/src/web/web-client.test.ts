import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { pipelineServer } from '#http/test-support/pipeline-server.ts'
import { webClient } from './web-client.ts'

const POLICY = ["default-src 'none'", "script-src 'self'"]

/** A server over a client folder with these files. */
async function setUp(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-web-'))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  const server = await pipelineServer([], { web: await webClient(folder) })
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      await server.close()
      await rm(folder, { recursive: true })
    },
  }
}

const BUILT = {
  'csp.json': JSON.stringify({ policy: POLICY }),
  'dist/index.html': '<!doctype html>',
  'dist/assets/index-B4k2x9Qz.js': 'export {}',
  'dist/icon.svg': '<svg/>',
  'secret.txt': 'secret',
}

test('the client is served at / with its policy', async () => {
  await using server = await setUp(BUILT)
  const response = await fetch(server.url)
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('<!doctype html>')
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; script-src 'self'",
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  })
})

test('a file whose name carries its hash is kept for ever, others are asked for again', async () => {
  await using server = await setUp(BUILT)
  const cache = async (path: string) =>
    (await fetch(server.url + path)).headers.get('Cache-Control')
  expect(await cache('/assets/index-B4k2x9Qz.js')).toContain('immutable')
  expect(await cache('/icon.svg')).toBe('no-cache')
})

test('an unchanged file is not sent again', async () => {
  await using server = await setUp(BUILT)
  const etag = (await fetch(server.url)).headers.get('ETag') ?? ''
  const status = async (tag: string) =>
    (await fetch(server.url, { headers: { 'If-None-Match': tag } })).status
  expect(await status(etag)).toBe(304)
  expect(await status(`"other", W/${etag}`)).toBe(304)
  expect(await status('"other"')).toBe(200)
})

test.each([
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/assets/../../secret.txt',
  '/..\\secret.txt',
  '//secret.txt',
  '/secret.txt',
  '/csp.json',
  '/dist/index.html',
  '/__proto__',
  '/assets',
  '/some/page',
])('%s is not found', async (path) => {
  await using server = await setUp(BUILT)
  const socket = connect(server.port, '127.0.0.1')
  // as it is, where fetch would tidy the path first
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
  const reply = await text(socket)
  expect(reply).toMatch(/^HTTP\/1\.1 404 /)
  expect(reply).toContain('M_UNRECOGNIZED')
})

test('only reading is possible', async () => {
  await using server = await setUp(BUILT)
  const head = await fetch(server.url, { method: 'HEAD' })
  expect([head.status, head.headers.get('Content-Length')]).toEqual([200, '15'])
  expect((await fetch(server.url, { method: 'POST' })).status).toBe(404)
})

test('a client that is not built says how to build it', async () => {
  await using server = await setUp({})
  const response = await fetch(server.url)
  expect(response.status).toBe(503)
  expect(await response.text()).toMatch(/build/)
})

test('a built client without its policy is not served at all', async () => {
  await expect(setUp({ 'dist/index.html': 'x' })).rejects.toThrow(/csp\.json/)
})
