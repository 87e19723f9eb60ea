import { createHash } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, text } from '../harness/user.ts'

const V3 = '/_matrix/client/v3'
const LOGIN_PAGE = '/_matrix/static/client/login/'
const stagePage = (type: string) => `${V3}/auth/${type}/fallback/web`

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    policies: { registration: { mode: 'token', sessionlessDummy: false, sharedSecret: undefined } },
  })
  await server.ctx.accounts.create({ localpart: 'alice', password: 'a password' })
  await server.ctx.registration.tokens.create({ token: 'sesame', uses_allowed: 5 })
})
afterAll(() => server[Symbol.asyncDispose]())

const login = (more: object = {}) =>
  server.request('POST', `${V3}/login`, {
    body: { type: 'm.login.password', user: 'alice', password: 'a password', ...more },
  })

const between = (html: string, tag: string): string =>
  new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html)?.[1] ?? ''

/** Loads a page, fills its form and submits it, with just enough of a browser. */
async function submit(path: string, fields: Readonly<Record<string, string>>, window: object) {
  const { text: html } = await server.request('GET', path)
  let onSubmit: ((event: object) => Promise<void>) | undefined
  const form = {
    hidden: false,
    addEventListener: (_: string, call: typeof onSubmit) => void (onSubmit = call),
  }
  const note = { textContent: '' }
  const page = new URL(server.url + path)
  const globals = {
    document: { getElementById: (id: string) => (id === 'form' ? form : note) },
    location: { search: page.search, pathname: page.pathname },
    window,
    FormData: class {
      *[Symbol.iterator]() {
        yield* Object.entries(fields)
      }
    },
    URLSearchParams,
    fetch: (target: string, init: RequestInit) => fetch(new URL(target, page), init),
  }
  runInNewContext(between(html, 'script'), globals)
  await onSubmit?.({ preventDefault: () => {} })
  return { done: form.hidden, note: note.textContent }
}

test.each([
  `${stagePage('m.login.password')}?session=x`,
  `${stagePage('m.login.registration_token')}?session=x`,
  `${stagePage('m.login.dummy')}?session=x`,
  LOGIN_PAGE,
  `${LOGIN_PAGE}?device_id=A`,
])('%s is a page whose policy allows its own script and style only', async (path) => {
  const { status, headers, text: html } = await server.request('GET', path)
  expect(status).toBe(200)
  expect(headers.get('Content-Type')).toBe('text/html; charset=utf-8')
  const source = (tag: string) =>
    `'sha256-${createHash('sha256').update(between(html, tag)).digest('base64')}'`
  expect(headers.get('Content-Security-Policy')).toBe(
    `default-src 'none'; script-src ${source('script')}; style-src ${source('style')}; ` +
      `connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  )
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
  expect(headers.get('Referrer-Policy')).toBe('no-referrer')
  // a page that is opened by a client in a window must be able to reach it
  expect(headers.get('Cross-Origin-Opener-Policy')).toBeNull()
})

test('nothing of the address gets into a page', async () => {
  const attack = encodeURIComponent('</script><script>alert(1)</script>')
  const { text: html } = await server.request(
    'GET',
    `${stagePage('m.login.dummy')}?session=${attack}`,
  )
  expect(html).not.toContain('alert')
})

test.each(['m.login.recaptcha', 'm.login.sso', 'm.login.terms', '__proto__'])(
  'there is no page for the stage %s, which does not exist here',
  async (type) => {
    const answer = await server.request('GET', `${stagePage(type)}?session=x`)
    expect(answer).toMatchObject({ status: 404, body: { errcode: 'M_UNRECOGNIZED' } })
  },
)

test('a page without session is refused', async () => {
  expect(await server.request('GET', stagePage('m.login.dummy'))).toMatchObject({
    status: 400,
    body: { errcode: 'M_MISSING_PARAM' },
  })
})

test('a stage that was completed on the page lets the request pass, and the client is told', async () => {
  const body = { username: 'bob', password: 'a password' }
  const register = (auth?: object) =>
    server.request('POST', `${V3}/register`, {
      body: auth === undefined ? body : { ...body, auth },
    })
  const session = text((await register()).body, 'session')
  const path = `${stagePage('m.login.registration_token')}?session=${session}`
  const told: unknown[] = []
  const opener = { postMessage: (...message: unknown[]) => void told.push(message) }

  expect(await submit(path, { token: 'wrong' }, { opener })).toEqual({
    done: false,
    note: 'The registration token is not valid.',
  })
  expect((await register({ session })).status).toBe(401)
  expect(told).toEqual([])
  expect(await submit(path, { token: 'sesame' }, { opener })).toMatchObject({ done: true })
  expect(told).toEqual([['authDone', '*']])
  expect(ok(await register({ session }))).toMatchObject({ user_id: '@bob:test.example' })
})

test('a password is taken on the page, for the user whose session it is', async () => {
  const token = text(ok(await login()), 'access_token')
  const body = { devices: ['GONE'] }
  const remove = (auth?: object) =>
    server.request('POST', `${V3}/delete_devices`, {
      token,
      body: { ...body, ...(auth && { auth }) },
    })
  const session = text((await remove()).body, 'session')
  const path = `${stagePage('m.login.password')}?session=${session}`
  const calls: string[] = []
  const window = {
    onAuthDone: () => void calls.push('done'),
    opener: { postMessage: () => expect.fail() },
  }
  await server.ctx.accounts.create({ localpart: 'eve', password: 'a password' })
  const wrong = await submit(path, { user: 'eve', password: 'a password' }, window)
  expect(wrong).toMatchObject({ done: false, note: expect.stringContaining('signed-in') })
  expect(await submit(path, { user: 'alice', password: 'a password' }, window)).toMatchObject({
    done: true,
  })
  expect(calls).toEqual(['done'])
  ok(await remove({ session }))
})

test.each([
  ['an unknown session', 'm.login.dummy', { session: 'made-up' }, 403, 'M_FORBIDDEN'],
  ['no session', 'm.login.dummy', {}, 400, 'M_MISSING_PARAM'],
  ['a session that is no text', 'm.login.dummy', { session: 1 }, 400, 'M_BAD_JSON'],
])('%s completes nothing', async (_, type, body, status, errcode) => {
  const answer = await server.request('POST', stagePage(type), { body })
  expect(answer).toMatchObject({ status, body: { errcode } })
})

test('a stage that the session does not offer cannot be completed', async () => {
  const body = { username: 'carl', password: 'a password' }
  const answer = await server.request('POST', `${V3}/register`, { body })
  const session = at(answer.body, 'session')
  for (const type of ['m.login.dummy', 'm.login.password', 'm.login.terms']) {
    expect(await server.request('POST', stagePage(type), { body: { session } })).toMatchObject({
      status: 404,
      body: { errcode: 'M_UNRECOGNIZED' },
    })
  }
})

test('the login page signs in as the client asked, and hands it the answer', async () => {
  const answers: unknown[] = []
  const window = { matrixLogin: { onLogin: (answer: unknown) => void answers.push(answer) } }
  const path = `${LOGIN_PAGE}?device_id=PAGE&initial_device_display_name=Web&refresh_token=true`
  const wrong = await submit(path, { user: 'alice', password: 'no' }, window)
  expect(wrong).toEqual({ done: false, note: 'Wrong user name or password.' })
  expect(await submit(path, { user: 'alice', password: 'a password' }, window)).toMatchObject({
    done: true,
  })
  expect(answers).toMatchObject([
    { user_id: '@alice:test.example', device_id: 'PAGE', refresh_token: expect.any(String) },
  ])
  const token = text(answers[0], 'access_token')
  const device = await server.request('GET', `${V3}/devices/PAGE`, { token })
  expect(ok(device)).toMatchObject({ display_name: 'Web' })
})
