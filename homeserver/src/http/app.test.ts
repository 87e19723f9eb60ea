import { connect } from 'node:net'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { forbidden } from '#matrix/errors.ts'
import { createRateLimiter } from '#policies/rate-limiter.ts'
import { endpoint, jsonObject, RawJson, Reply, z, type Endpoint } from './endpoint.ts'
import { asAlice, pipelineServer } from './test-support/pipeline-server.ts'

const V3 = '/_matrix/client/v3'

const route = (
  method: Endpoint['method'],
  path: string,
  handler: Endpoint['handler'],
  more: Partial<Endpoint> = {},
): Endpoint => ({ method, path, auth: 'none', handler, ...more })

const echo: Endpoint['handler'] = ({ params }) => Promise.resolve(params)

const json = async (response: Response): Promise<unknown> => await response.json()

test('an unknown path is 404 and a wrong method 405, both M_UNRECOGNIZED', async () => {
  await using server = await pipelineServer([
    route('GET', `${V3}/thing`, echo),
    // a hot path, which another part of the router serves
    route('GET', '/_matrix/client/versions', echo),
  ])
  const cases = [
    ['GET', `${V3}/nothing`, 404],
    ['GET', '/_matrix/client/v1/thing', 404],
    ['GET', `${V3}/THING`, 404],
    ['GET', `${V3}/thing/`, 404],
    ['GET', '/', 404],
    ['POST', `${V3}/thing`, 405],
    ['POST', '/_matrix/client/versions', 405],
    ['PATCH', `${V3}/thing`, 405],
  ] as const
  for (const [method, path, status] of cases) {
    const response = await fetch(server.url + path, { method })
    expect([path, response.status]).toEqual([path, status])
    expect(await json(response)).toMatchObject({ errcode: 'M_UNRECOGNIZED' })
  }
})

test('older prefixes serve v3 routes, and only those', async () => {
  await using server = await pipelineServer([
    route('GET', `${V3}/thing/:id`, echo),
    route('GET', '/_matrix/client/v1/new', echo),
    route('GET', `${V3}/current`, echo, { legacy: [] }),
  ])
  const statusOf = async (path: string) => (await fetch(server.url + path)).status
  for (const version of ['v3', 'r0', 'unstable']) {
    expect(await statusOf(`/_matrix/client/${version}/thing/1`)).toBe(200)
  }
  expect(await statusOf('/_matrix/client/r0/new')).toBe(404)
  expect(await statusOf('/_matrix/client/r0/current')).toBe(404)
})

test('a path is matched before it is decoded, and decoded once', async () => {
  await using server = await pipelineServer([route('GET', `${V3}/a/:x/b/:y`, echo)])
  const cases = [
    ['/a/m%2Fx/b/2', { x: 'm/x', y: '2' }],
    ['/a/%21room%3Ahs/b/%23', { x: '!room:hs', y: '#' }],
    ['/a/%252F/b/%2525', { x: '%2F', y: '%25' }],
    ['/a/100%/b/%zz', { x: '100%', y: '%zz' }],
    ['/a/+/b/%F0%9F%98%80', { x: '+', y: '😀' }],
  ] as const
  for (const [path, params] of cases) {
    const response = await fetch(server.url + V3 + path)
    expect(await json(response)).toEqual(params)
  }
})

test('a trailing optional parameter may be absent or empty', async () => {
  const state = '/_matrix/client/v3/rooms/:roomId/state/:eventType{/:stateKey}'
  await using server = await pipelineServer([
    // one is hot, the other is not
    route('GET', state, echo),
    route('DELETE', state, echo),
  ])
  for (const method of ['GET', 'DELETE']) {
    for (const [path, stateKey] of [
      ['/m.x', ''],
      ['/m.x/', ''],
      ['/m.x/k', 'k'],
    ]) {
      const response = await fetch(`${server.url}${V3}/rooms/!r/state${path}`, { method })
      expect(await json(response)).toEqual({ roomId: '!r', eventType: 'm.x', stateKey })
    }
    for (const path of ['/', '//k', '/m.x/k/', '/m.x//']) {
      const response = await fetch(`${server.url}${V3}/rooms/!r/state${path}`, { method })
      expect([path, response.status]).toEqual([path, 404])
    }
  }
})

test('fixed text is matched before a parameter', async () => {
  await using server = await pipelineServer([
    route('GET', `${V3}/:any`, () => Promise.resolve('parameter')),
    route('GET', `${V3}/fixed`, () => Promise.resolve('fixed')),
  ])
  expect(await json(await fetch(`${server.url}${V3}/fixed`))).toBe('fixed')
  expect(await json(await fetch(`${server.url}${V3}/other`))).toBe('parameter')
})

test('every answer has the CORS headers, errors included', async () => {
  await using server = await pipelineServer([
    route('GET', `${V3}/good`, echo),
    route('GET', `${V3}/bad`, () => Promise.reject(forbidden())),
    route('GET', `${V3}/worse`, () => Promise.reject(new Error('a fault'))),
  ])
  for (const [path, status] of [
    ['/good', 200],
    ['/bad', 403],
    ['/worse', 500],
    ['/nothing', 404],
  ]) {
    const response = await fetch(`${server.url}${V3}${path}`)
    expect(response.status).toBe(status)
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
    expect(response.headers.get('Access-Control-Expose-Headers')).toBe('ETag, Retry-After')
    expect(response.headers.get('Content-Type')).toBe('application/json')
  }
})

test('OPTIONS is answered anywhere without authentication or logic', async () => {
  let called = false
  const handler = () => {
    called = true
    return Promise.resolve({})
  }
  await using server = await pipelineServer([route('GET', `${V3}/x`, handler, { auth: 'user' })])
  const response = await fetch(`${server.url}${V3}/x`, { method: 'OPTIONS' })
  expect(response.status).toBe(204)
  expect(response.headers.get('Access-Control-Allow-Headers')).toContain('Authorization')
  expect(called).toBe(false)
})

test('HEAD is answered as GET, without the body', async () => {
  await using server = await pipelineServer([
    route('GET', '/_matrix/client/versions', () => Promise.resolve({ a: 1 })),
  ])
  const response = await fetch(`${server.url}/_matrix/client/versions`, { method: 'HEAD' })
  expect(response.status).toBe(200)
  expect(response.headers.get('Content-Length')).toBe('7')
  expect(await response.text()).toBe('')
})

test('a handler may answer with status, headers and ready-made JSON', async () => {
  await using server = await pipelineServer([
    route('GET', `${V3}/reply`, () => Promise.resolve(new Reply(201, { a: 1 }, { ETag: '"x"' }))),
    route('GET', `${V3}/raw`, () => Promise.resolve(new RawJson('{"a" : 1.0}'))),
  ])
  const reply = await fetch(`${server.url}${V3}/reply`)
  expect([reply.status, reply.headers.get('ETag')]).toEqual([201, '"x"'])
  expect(await (await fetch(`${server.url}${V3}/raw`)).text()).toBe('{"a" : 1.0}')
})

test('a fault of the server is answered with an id that is in the log, and tells nothing', async () => {
  await using server = await pipelineServer([
    route('GET', `${V3}/fault`, () => Promise.reject(new Error('secret detail'))),
    route('GET', `${V3}/nothing`, () => Promise.resolve(undefined)),
  ])
  for (const path of ['/fault', '/nothing']) {
    const response = await fetch(server.url + V3 + path)
    expect(response.status).toBe(500)
    const text = await response.text()
    expect(text).not.toContain('secret')
    const id = /\((\w{12})\)/.exec(text)?.[1]
    expect(
      server.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields),
    ).toContainEqual(expect.objectContaining({ id }))
  }
})

test("a client's mistake is logged at debug level only, without query or token", async () => {
  await using server = await pipelineServer([route('GET', `${V3}/x`, echo, { auth: 'user' })])
  await fetch(`${server.url}${V3}/x?access_token=secret-token`)
  await fetch(`${server.url}${V3}/x`, { headers: { Authorization: 'Bearer secret-token' } })
  expect(server.lines.map(({ level }) => level)).toEqual(['debug', 'debug'])
  expect(JSON.stringify(server.lines)).not.toContain('secret-token')
})

test('authentication is as declared', async () => {
  const who: Endpoint['handler'] = ({ requester }) => Promise.resolve({ who: requester?.userId })
  await using server = await pipelineServer([
    route('GET', `${V3}/none`, who),
    route('GET', `${V3}/optional`, who, { auth: 'optional' }),
    route('GET', `${V3}/user`, who, { auth: 'user' }),
    route('GET', `${V3}/admin`, who, { auth: 'admin' }),
  ])
  const get = async (path: string, authorization?: string) => {
    const headers = authorization === undefined ? {} : { Authorization: authorization }
    const response = await fetch(server.url + V3 + path, { headers })
    const body: unknown = await response.json()
    return [response.status, body]
  }
  const missing = [401, expect.objectContaining({ errcode: 'M_MISSING_TOKEN' })]
  const unknown = [401, expect.objectContaining({ errcode: 'M_UNKNOWN_TOKEN' })]
  const alice = [200, { who: '@alice:test.example' }]
  expect(await get('/none', 'Bearer bad')).toEqual([200, {}])
  expect(await get('/optional')).toEqual([200, {}])
  expect(await get('/optional', 'Bearer bad')).toEqual(unknown)
  expect(await get('/optional', 'Bearer alice-token')).toEqual(alice)
  expect(await get('/user')).toEqual(missing)
  expect(await get('/user', 'Basic abc')).toEqual(missing)
  expect(await get('/user', 'Bearer')).toEqual(missing)
  expect(await get('/user', 'Bearer bad')).toEqual(unknown)
  expect(await get('/user', 'bearer alice-token')).toEqual(alice)
  expect(await get('/user?access_token=alice-token')).toEqual(missing)
  expect(await get('/admin', 'Bearer alice-token')).toEqual([
    403,
    expect.objectContaining({ errcode: 'M_FORBIDDEN' }),
  ])
  expect(await get('/admin', 'Bearer admin-token')).toEqual([200, { who: '@admin:test.example' }])
})

test('the query string carries the token where the configuration allows it', async () => {
  await using server = await pipelineServer([route('GET', `${V3}/x`, echo, { auth: 'user' })], {
    accessTokenQuery: 'all',
  })
  const status = async (query: string) => (await fetch(`${server.url}${V3}/x${query}`)).status
  expect(await status('?access_token=alice-token')).toBe(200)
  expect(await status('?access_token=bad')).toBe(401)
  expect(await status('?access_token=a&access_token=b')).toBe(401)
})

test('over the limit is 429 with the time to wait in header and body', async () => {
  const limiter = createRateLimiter({ default: { per_second: 0.01, burst_count: 1 } })
  const limited = { auth: 'user', rateLimit: 'default' } as const
  await using server = await pipelineServer([route('GET', `${V3}/x`, echo, limited)], { limiter })
  const get = (token: string) =>
    fetch(`${server.url}${V3}/x`, { headers: { Authorization: `Bearer ${token}` } })
  expect((await get('alice-token')).status).toBe(200)
  const second = await get('alice-token')
  expect(second.status).toBe(429)
  const body: unknown = await second.json()
  expect(body).toMatchObject({ errcode: 'M_LIMIT_EXCEEDED' })
  expect(body).toHaveProperty('retry_after_ms')
  expect(Number(second.headers.get('Retry-After'))).toBeGreaterThan(90)
  expect((await get('admin-token')).status).toBe(200)
})

test("clients behind a trusted proxy are limited each by its own address, others can't pretend", async () => {
  const tell: Endpoint['handler'] = ({ request }) =>
    Promise.resolve({ ip: request.ip, origin: request.origin })
  const headers = {
    'X-Forwarded-For': '203.0.113.9, 192.0.2.7, 127.0.0.1',
    'X-Forwarded-Proto': 'https',
  }
  const ask = async (trustedProxies: readonly string[]) => {
    await using server = await pipelineServer([route('GET', `${V3}/x`, tell)], { trustedProxies })
    const body: unknown = await (await fetch(`${server.url}${V3}/x`, { headers })).json()
    return [body, `://127.0.0.1:${server.port}`]
  }
  const [direct, host] = await ask([])
  expect(direct).toEqual({ ip: '127.0.0.1', origin: `http${String(host)}` })
  const [proxied, proxiedHost] = await ask(['127.0.0.0/8'])
  expect(proxied).toEqual({ ip: '192.0.2.7', origin: `https${String(proxiedHost)}` })
})

test('the signal aborts when the client goes away', async () => {
  const aborted = Promise.withResolvers<boolean>()
  const entered = Promise.withResolvers<void>()
  await using server = await pipelineServer([
    route('GET', `${V3}/poll`, async ({ signal }) => {
      signal.addEventListener('abort', () => aborted.resolve(true))
      entered.resolve()
      await aborted.promise
      return {}
    }),
  ])
  const socket = connect(server.port, '127.0.0.1')
  socket.write(`GET ${V3}/poll HTTP/1.1\r\nHost: x\r\n\r\n`)
  await entered.promise
  socket.destroy()
  expect(await aborted.promise).toBe(true)
})

test('closing ends a long poll with its answer', async () => {
  const entered = Promise.withResolvers<void>()
  const server = await pipelineServer([
    route('GET', `${V3}/poll`, async ({ signal }) => {
      entered.resolve()
      if (!signal.aborted) await once(signal, 'abort')
      return { ended: true }
    }),
  ])
  const answer = fetch(`${server.url}${V3}/poll`)
  await entered.promise
  await server.close()
  expect(await json(await answer)).toEqual({ ended: true })
  await expect(fetch(`${server.url}${V3}/poll`)).rejects.toThrow()
})

test('test mode shows in a header of every answer', async () => {
  const endpoints = [route('GET', `${V3}/x`, echo)]
  await using normal = await pipelineServer(endpoints)
  await using testing = await pipelineServer(endpoints, { testMode: true })
  const header = async (url: string) => (await fetch(url)).headers.get('X-Hearth-Test-Mode')
  expect(await header(`${normal.url}${V3}/x`)).toBeNull()
  expect(await header(`${testing.url}${V3}/x`)).toBe('1')
  expect(await header(`${testing.url}${V3}/nothing`)).toBe('1')
})

test('two endpoints for one route are refused at start', async () => {
  const twice = [route('GET', `${V3}/a/:x`, echo), route('GET', `${V3}/a/:y`, echo)]
  await expect(pipelineServer(twice)).rejects.toThrow(/Two endpoints serve/)
})

test('foreign objects pass uncopied, with every key', async () => {
  const put = endpoint({
    method: 'PUT',
    path: `${V3}/data`,
    auth: 'user',
    body: jsonObject,
    handler: ({ body, source, request }) =>
      Promise.resolve({ same: body === source, text: JSON.stringify(body), raw: request.rawBody }),
  })
  await using server = await pipelineServer([put])
  const text = '{"__proto__":{"polluted":true},"constructor":1,"n":1.0}'
  const response = await fetch(`${server.url}${V3}/data`, asAlice({ method: 'PUT', body: text }))
  expect(await json(response)).toEqual({
    same: true,
    text: '{"__proto__":{"polluted":true},"constructor":1,"n":1}',
    raw: text,
  })
  expect({}).not.toHaveProperty('polluted')
})

test('a body is read whatever its Content-Type, and ignored where none is declared', async () => {
  const body = z.object({ a: z.number() })
  await using server = await pipelineServer([
    route('POST', `${V3}/with`, (input) => Promise.resolve(input.body), { body }),
    route('POST', `${V3}/optional`, (input) => Promise.resolve(input.body), {
      body: body.partial(),
      optionalBody: true,
    }),
    route('POST', `${V3}/without`, () => Promise.resolve({ ok: true })),
  ])
  const post = async (path: string, text: string | undefined, type = 'text/plain') => {
    const init = text === undefined ? {} : { body: text, headers: { 'Content-Type': type } }
    return await json(await fetch(server.url + V3 + path, { method: 'POST', ...init }))
  }
  expect(await post('/with', '{"a":1}')).toEqual({ a: 1 })
  expect(await post('/with', '{"a":1}', 'application/x-www-form-urlencoded')).toEqual({ a: 1 })
  expect(await post('/optional', undefined)).toEqual({})
  expect(await post('/without', '{not json')).toEqual({ ok: true })
  expect(await post('/without', undefined)).toEqual({ ok: true })
})
