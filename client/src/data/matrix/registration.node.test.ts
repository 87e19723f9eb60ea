import { afterEach, describe, expect, test, vi } from 'vitest'
import { modeOfFlows, register, registrationMode, signIn } from './registration.ts'

const SESSION = { user_id: '@a:h', access_token: 't', device_id: 'D' }
const requests: unknown[] = []

/** A server that gives these answers in turn. */
function answers(...list: readonly (readonly [number, object])[]): void {
  let turn = 0
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
    requests.push(JSON.parse(typeof init.body === 'string' ? init.body : '{}'))
    const [status, body] = list[Math.min(turn, list.length - 1)] ?? [500, {}]
    turn += 1
    const headers = { 'Content-Type': 'application/json' }
    return Promise.resolve(new Response(JSON.stringify(body), { status, headers }))
  })
}

afterEach(() => {
  vi.unstubAllGlobals()
  requests.length = 0
})

const flows = (...stages: string[][]) => ({
  flows: stages.map((list) => ({ stages: list })),
  session: 's',
})
const account = { username: 'a', password: 'p', token: undefined, deviceName: 'Test' }

describe('how an account can be made', () => {
  test.each([
    [[['m.login.dummy']], 'open'],
    [[['m.login.registration_token']], 'token'],
    [[['m.login.registration_token', 'm.login.dummy']], 'token'],
    [[['m.login.registration_token'], ['m.login.dummy']], 'open'],
    [[['m.login.recaptcha', 'm.login.dummy']], 'unsupported'],
    [[[]], 'open'],
    [[], 'unsupported'],
  ] as const)('%j is %s', (offered, mode) => {
    expect(modeOfFlows(offered)).toBe(mode)
  })

  test('a refusal means closed', async () => {
    answers([403, { errcode: 'M_FORBIDDEN', error: 'closed' }])
    expect(await registrationMode('https://h')).toBe('closed')
  })
})

describe('registering', () => {
  test('goes through the stages the server asks for', async () => {
    const stages = ['m.login.registration_token', 'm.login.dummy']
    answers(
      [401, flows(stages)],
      [401, { ...flows(stages), completed: ['m.login.registration_token'] }],
      [200, SESSION],
    )
    const made = await register('https://h', { ...account, token: 'abc' })
    expect(made).toMatchObject({ userId: '@a:h', accessToken: 't', deviceId: 'D' })
    expect(requests.slice(1)).toMatchObject([
      { auth: { type: 'm.login.registration_token', session: 's', token: 'abc' } },
      { auth: { type: 'm.login.dummy', session: 's' } },
    ])
  })

  test('with a token in hand the token flow is taken, so that the invitation counts', async () => {
    answers([401, flows(['m.login.dummy'], ['m.login.registration_token'])], [200, SESSION])
    await register('https://h', { ...account, token: 'abc' })
    expect(requests[1]).toMatchObject({ auth: { type: 'm.login.registration_token' } })
  })

  test('a refused token ends it', async () => {
    answers([401, flows(['m.login.registration_token'])])
    const attempt = register('https://h', { ...account, token: 'bad' })
    await expect(attempt).rejects.toMatchObject({ code: 'token-invalid' })
    expect(requests).toHaveLength(2)
  })

  test('a server that wants a token nobody gave', async () => {
    answers([401, flows(['m.login.registration_token'])])
    await expect(register('https://h', account)).rejects.toMatchObject({ code: 'token-invalid' })
  })

  test('a name that is taken', async () => {
    answers([401, flows(['m.login.dummy'])], [400, { errcode: 'M_USER_IN_USE', error: 'taken' }])
    await expect(register('https://h', account)).rejects.toMatchObject({ code: 'username-taken' })
  })
})

test('a refused login means wrong credentials', async () => {
  answers([403, { errcode: 'M_FORBIDDEN', error: 'no' }])
  const attempt = signIn('https://h', { username: 'a', password: 'p', deviceName: 'Test' })
  await expect(attempt).rejects.toMatchObject({ code: 'wrong-credentials' })
})
