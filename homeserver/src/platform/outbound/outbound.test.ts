import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addressGuard, ANY_ADDRESS, type AddressGuard } from './address-guard.ts'
import type { Resolve } from './guarded-lookup.ts'
import { createOutbound, type OutboundRequest } from './outbound.ts'

let asked: { host: string | undefined; method: string | undefined; auth: string | undefined }[] = []
let port = 0

const listener: RequestListener = (request, response) => {
  const { method, headers, url = '' } = request
  asked.push({ host: headers.host, method, auth: headers.authorization })
  if (url.startsWith('/to/')) {
    const [, , status, target = ''] = url.split('/')
    response.writeHead(Number(status), { location: decodeURIComponent(target) }).end()
  } else if (url === '/endless') {
    const more = () => void (response.writable && response.write('x'.repeat(10_000), more))
    more()
  } else if (url === '/silent') {
    // never answered
  } else response.end('hello')
}
const server = createServer(listener)

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const resolvingTo =
  (...addresses: string[]): Resolve =>
  () =>
    Promise.resolve(
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

async function get(
  path: string,
  options: {
    host?: string
    guard?: AddressGuard
    resolve?: Resolve
    request?: Partial<OutboundRequest>
  } = {},
) {
  asked = []
  const { guard = ANY_ADDRESS, resolve, host = '127.0.0.1' } = options
  await using outbound = createOutbound({ guard, ...(resolve && { resolve }) })
  return await outbound.fetch({
    method: 'GET',
    url: `http://${host}:${port}${path}`,
    timeoutMs: 10_000,
    maxBytes: 100_000,
    ...options.request,
  })
}

const refused = expect.objectContaining({ name: 'OutboundError', refused: true })
const failed = expect.objectContaining({ name: 'OutboundError', refused: false })

test('an allowed host is asked, and its answer read', async () => {
  const answer = await get('/')
  expect([answer.status, answer.body.toString()]).toEqual([200, 'hello'])
})

test.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0x7f.1', '2130706433', '017700000001'])(
  'SSRF by address tricks: %s is refused without a listing',
  async (host) => {
    await expect(get('/', { host, guard: addressGuard([]) })).rejects.toEqual(refused)
    expect(asked).toEqual([])
  },
)

test.each([
  [['127.0.0.1']],
  [['1.1.1.1', '127.0.0.1']],
  [['::ffff:10.0.0.1']],
  [['64:ff9b::a00:1']],
  [[]],
])('SSRF by address tricks: a name that resolves to %j is refused', async (addresses) => {
  const attempt = get('/', {
    host: 'evil.example',
    guard: addressGuard([]),
    resolve: resolvingTo(...addresses),
    request: { plainHttp: true },
  })
  await expect(attempt).rejects.toEqual(refused)
  expect(asked).toEqual([])
})

test('what is connected to is the address that was checked, however the name resolves later', async () => {
  const answers = [['127.0.0.1'], ['10.0.0.1']]
  let lookups = 0
  const resolve: Resolve = (host) => resolvingTo(...(answers[lookups++] ?? []))(host)
  const guard = addressGuard(['127.0.0.1'])
  expect((await get('/', { host: 'rebinding.example', guard, resolve })).status).toBe(200)
  expect(lookups).toBe(1)
  expect(asked[0]?.host).toBe(`rebinding.example:${port}`)
})

test('plain HTTP reaches listed addresses only, unless it is asked for', async () => {
  const guard: AddressGuard = {
    allows: () => true,
    isListed: () => false,
    hasListed: false,
  }
  const resolve = resolvingTo('127.0.0.1')
  await expect(get('/', { host: 'a.example', guard, resolve })).rejects.toEqual(refused)
  const request = { plainHttp: true }
  expect((await get('/', { host: 'a.example', guard, resolve, request })).status).toBe(200)
})

test.each(['ftp://127.0.0.1/', 'file:///etc/passwd', 'http://user:pw@127.0.0.1/'])(
  '%s is refused',
  async (url) => {
    await expect(get('/', { request: { url } })).rejects.toEqual(refused)
  },
)

test('no URL at all is an error like any other', async () => {
  await expect(get('/', { request: { url: 'nonsense' } })).rejects.toEqual(failed)
})

const to = (status: number, target: string) => `/to/${status}/${encodeURIComponent(target)}`

test('a redirect is followed as often as was asked, and checked anew', async () => {
  const chain = to(302, to(307, '/'))
  expect((await get(chain)).status).toBe(302)
  await expect(get(chain, { request: { maxHops: 1 } })).rejects.toEqual(failed)
  expect((await get(chain, { request: { maxHops: 2 } })).body.toString()).toBe('hello')
  const guard = addressGuard(['127.0.0.1'])
  const inward = to(302, `http://127.0.0.2:${port}/`)
  await expect(get(inward, { guard, request: { maxHops: 5 } })).rejects.toEqual(refused)
  expect(asked).toHaveLength(1)
})

test('a redirect to another place gets neither token nor, unless it keeps the method, the body', async () => {
  const request = {
    method: 'POST',
    body: 'secret',
    headers: { Authorization: 'Bearer x' },
    maxHops: 1,
  } as const
  await get(to(302, `http://localhost:${port}/`), { request })
  expect(asked.map(({ method, auth }) => [method, auth])).toEqual([
    ['POST', 'Bearer x'],
    ['GET', undefined],
  ])
  await get(to(308, '/'), { request })
  expect(asked.map(({ method, auth }) => [method, auth])).toEqual([
    ['POST', 'Bearer x'],
    ['POST', 'Bearer x'],
  ])
})

test('an endless answer is cut at the limit, a silent host at the time', async () => {
  await expect(get('/endless')).rejects.toEqual(failed)
  await expect(get('/silent', { request: { timeoutMs: 50 } })).rejects.toEqual(failed)
})
