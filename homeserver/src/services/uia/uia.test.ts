import { expect, test } from 'vitest'
import type { DeviceKey } from '#log/types.ts'
import { forbidden, limitExceeded } from '#matrix/errors.ts'
import { parseUserId } from '#matrix/ids.ts'
import type { JsonObject } from '#matrix/json.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import { ManualClock } from '../accounts/test-support/account-services.ts'
import { systemRng } from '#platform/rng.ts'
import {
  createUia,
  dummyStage,
  type UiaFlow,
  type UiaRequest,
  type UiaStage,
  type Uia,
} from './index.ts'
import { UiaChallenge } from './challenge.ts'
import { FinalRefusal } from './stage.ts'

const secretStage: UiaStage = {
  type: 'example.secret',
  params: { hint: 'the usual' },
  check: (auth) =>
    auth['secret'] === 'right' ? Promise.resolve('by secret') : Promise.reject(forbidden('Wrong.')),
}
const FLOWS: readonly UiaFlow[] = [[secretStage, dummyStage]]

const request = (body: JsonObject, changes: Partial<UiaRequest> = {}): UiaRequest => ({
  operation: 'POST /example',
  body,
  flows: FLOWS,
  ...changes,
})

async function challenge(uia: Uia, input: UiaRequest): Promise<JsonObject> {
  const error: unknown = await uia.authorize(input).catch((reason: unknown) => reason)
  if (!(error instanceof UiaChallenge)) throw error
  expect(error.status).toBe(401)
  return error.toJSON()
}

async function setUp() {
  const database = await testDatabase()
  const clock = new ManualClock()
  const uia = createUia({ db: database.db, clock, rng: systemRng })
  return { uia, clock, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
}

test('a request without auth is told the flows, parameters and a session, and no error', async () => {
  await using server = await setUp()
  const { session, ...rest } = await challenge(server.uia, request({ name: 'x' }))
  expect(session).toMatch(/^\w{24}$/)
  expect(rest).toEqual({
    flows: [{ stages: ['example.secret', 'm.login.dummy'] }],
    params: { 'example.secret': { hint: 'the usual' } },
  })
})

test('stages are completed one by one; the last lets the operation pass', async () => {
  await using server = await setUp()
  const { session = '' } = await challenge(server.uia, request({ name: 'x' }))
  const secret = { type: 'example.secret', secret: 'right', session }
  expect(await challenge(server.uia, request({ name: 'x', auth: secret }))).toMatchObject({
    completed: ['example.secret'],
    session,
  })
  const dummy = { type: 'm.login.dummy', session }
  const outcome = await server.uia.authorize(request({ name: 'x', auth: dummy }))
  expect([...outcome.completed]).toEqual([
    ['example.secret', 'by secret'],
    ['m.login.dummy', null],
  ])
})

test('a flow is followed in its order', async () => {
  await using server = await setUp()
  const { session = '' } = await challenge(server.uia, request({ name: 'x' }))
  const early = { type: 'm.login.dummy', session }
  const answer = await challenge(server.uia, request({ name: 'x', auth: early }))
  expect(answer).toMatchObject({ errcode: 'M_INVALID_PARAM', session })
  expect(answer).not.toHaveProperty('completed')
})

test('what is not worth another attempt is no challenge', async () => {
  await using server = await setUp()
  const final: UiaStage = { type: 'strict', check: () => Promise.reject(new FinalRefusal('No.')) }
  const flows = [[final]]
  const { session = '' } = await challenge(server.uia, request({}, { flows }))
  const attempt = server.uia.authorize(request({ auth: { type: 'strict', session } }, { flows }))
  await expect(attempt).rejects.toMatchObject({ status: 403, message: 'No.' })
})

const ALICE = { userId: parseUserId('@alice:test.example'), device: 1 as DeviceKey }
const BOB = { userId: parseUserId('@bob:test.example'), device: 2 as DeviceKey }

test.each([
  [ALICE, BOB],
  [ALICE, undefined],
  [undefined, ALICE],
])('a session that one began is refused for another', async (first, second) => {
  await using server = await setUp()
  const flows = [[dummyStage]]
  const begun = request({ name: 'x' }, { flows, requester: first })
  const { session = '' } = await challenge(server.uia, begun)
  const auth = { type: 'm.login.dummy', session }
  const attempt = (requester: typeof first) =>
    server.uia.authorize(request({ name: 'x', auth }, { flows, requester }))
  await expect(attempt(second)).rejects.toMatchObject({ status: 403, errcode: 'M_FORBIDDEN' })
  await attempt(first)
})

test('a failed stage may be tried again in the same session', async () => {
  await using server = await setUp()
  const { session = '' } = await challenge(server.uia, request({ name: 'x' }))
  const wrong = { type: 'example.secret', secret: 'wrong', session }
  expect(await challenge(server.uia, request({ name: 'x', auth: wrong }))).toMatchObject({
    errcode: 'M_FORBIDDEN',
    error: 'Wrong.',
    session,
  })
  const right = { type: 'example.secret', secret: 'right', session }
  expect(await challenge(server.uia, request({ name: 'x', auth: right }))).toMatchObject({
    completed: ['example.secret'],
  })
})

test('a session is good for one use', async () => {
  await using server = await setUp()
  const flows = [[dummyStage]]
  const { session = '' } = await challenge(server.uia, request({ name: 'x' }, { flows }))
  const again = () =>
    server.uia.authorize(
      request({ name: 'x', auth: { type: 'm.login.dummy', session } }, { flows }),
    )
  const results = await Promise.allSettled([again(), again(), again()])
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  await expect(again()).rejects.toMatchObject({ status: 401 })
})

test.each<[string, Partial<UiaRequest>, JsonObject]>([
  ['another operation', { operation: 'POST /other' }, { name: 'x' }],
  ['other parameters', {}, { name: 'y' }],
  ['additional parameters', {}, { name: 'x', admin: true }],
  ['no parameters', {}, {}],
])('a session is refused for %s', async (_, changes, body) => {
  await using server = await setUp()
  const flows = [[dummyStage]]
  const { session = '' } = await challenge(server.uia, request({ name: 'x' }, { flows }))
  const auth = { type: 'm.login.dummy', session }
  const attempt = server.uia.authorize(request({ ...body, auth }, { flows, ...changes }))
  await expect(attempt).rejects.toMatchObject({ status: 403, errcode: 'M_FORBIDDEN' })
})

test('a session that was asked for without parameters is tied to the first ones', async () => {
  await using server = await setUp()
  const { session = '' } = await challenge(server.uia, request({}))
  const auth = { type: 'example.secret', secret: 'right', session }
  await challenge(server.uia, request({ name: 'x', auth }))
  const other = server.uia.authorize(
    request({ name: 'y', auth: { type: 'm.login.dummy', session } }),
  )
  await expect(other).rejects.toMatchObject({ status: 403 })
})

test('the order of parameters does not matter', async () => {
  await using server = await setUp()
  const flows = [[dummyStage]]
  const { session = '' } = await challenge(server.uia, request({ a: 1, b: 2 }, { flows }))
  const auth = { type: 'm.login.dummy', session }
  await server.uia.authorize(request({ b: 2, auth, a: 1 }, { flows }))
})

test('an unknown or expired session begins a new one', async () => {
  await using server = await setUp()
  const { session = '' } = await challenge(server.uia, request({ name: 'x' }))
  const auth = { type: 'example.secret', secret: 'right', session }
  server.clock.advance(30 * 60_000)
  for (const tried of [session, 'made-up', '']) {
    const answer = await challenge(
      server.uia,
      request({ name: 'x', auth: { ...auth, session: tried } }),
    )
    expect(answer['session']).not.toBe(tried)
    expect(answer).not.toHaveProperty('completed')
  }
})

test('a stage that the operation does not offer is refused', async () => {
  await using server = await setUp()
  const { session = '' } = await challenge(server.uia, request({ name: 'x' }))
  const auth = { type: 'm.login.password', session }
  expect(await challenge(server.uia, request({ name: 'x', auth }))).toMatchObject({
    errcode: 'M_INVALID_PARAM',
    session,
  })
})

test('a request with only the session is told how far it is', async () => {
  await using server = await setUp()
  const { session = '' } = await challenge(server.uia, request({ name: 'x' }))
  const secret = { type: 'example.secret', secret: 'right', session }
  await challenge(server.uia, request({ name: 'x', auth: secret }))
  const answer = await challenge(server.uia, request({ name: 'x', auth: { session } }))
  expect(answer['completed']).toEqual(['example.secret'])
})

test('without a session, one request is enough only where the operation allows it', async () => {
  await using server = await setUp()
  const flows = [[dummyStage], [secretStage, dummyStage]]
  const input = request({ name: 'x', auth: { type: 'm.login.dummy' } }, { flows })
  await challenge(server.uia, input)
  const outcome = await server.uia.authorize({ ...input, sessionless: true })
  expect(outcome.completed.has('m.login.dummy')).toBe(true)
  const partial = request({ auth: { type: 'example.secret', secret: 'right' } }, { flows })
  await challenge(server.uia, { ...partial, sessionless: true })
})

test('a limit hit at a stage is no challenge', async () => {
  await using server = await setUp()
  const limited: UiaStage = { type: 'slow', check: () => Promise.reject(limitExceeded(1000)) }
  const flows = [[limited]]
  const { session = '' } = await challenge(server.uia, request({}, { flows }))
  const attempt = server.uia.authorize(request({ auth: { type: 'slow', session } }, { flows }))
  await expect(attempt).rejects.toMatchObject({ status: 429 })
})

test.each([null, 'text', 1, []])('auth: %j is malformed', async (auth) => {
  await using server = await setUp()
  await expect(server.uia.authorize(request({ auth }))).rejects.toMatchObject({
    status: 400,
    errcode: 'M_BAD_JSON',
  })
})
