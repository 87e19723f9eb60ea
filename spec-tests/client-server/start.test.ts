import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { at, stringAt } from '../target/json.ts'
import { HttpClient } from '../target/matrix-client.ts'
import { startNormalServer } from '../target/normal-server.ts'
import { freePort, startServer } from '../target/server.ts'
import { testFolder } from '../target/test-folder.ts'
import { expectOk, register } from '../target/user.ts'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const data = mkdtempSync(join(testFolder(), 'hearth-start-'))

afterAll(() => {
  rmSync(data, { recursive: true, force: true, maxRetries: 5 })
})

describe('npm start', () => {
  test('prints where to click, makes one administrator by link, stays closed, stops cleanly', async () => {
    const port = await freePort()
    await using first = await startNormalServer(data, port)
    expect(first.output()).toContain(data)
    const token = first.setupLink?.split('token=')[1] ?? 'no link'
    const http = new HttpClient(first.url)

    const closed = await http.request('POST', '/_matrix/client/v3/register', {
      body: { username: 'mallory', password: 'a long password', auth: { type: 'm.login.dummy' } },
    })
    expect(closed.status).toBeGreaterThanOrEqual(400)

    const admin = await registerWithToken(http, 'admin', token)
    const again = await registerWithToken(http, 'second', token)
    expect(admin).toMatchObject({ user_id: expect.stringMatching(/^@admin:/) })
    expect(at(again, 'user_id')).toBeUndefined()

    const made = await http.request('POST', '/_synapse/admin/v1/registration_tokens/new', {
      token: stringAt(admin, 'access_token'),
      body: { uses_allowed: 1 },
    })
    const friend = await registerWithToken(http, 'friend', stringAt(expectOk(made), 'token'))
    expect(friend).toMatchObject({ user_id: expect.stringMatching(/^@friend:/) })
    const denied = await http.request('GET', '/_synapse/admin/v1/registration_tokens', {
      token: stringAt(friend, 'access_token'),
    })
    expect(denied.status).toBe(403)

    const page = await http.request('GET', '/')
    expect(page.status).toBe(200)
    expect(page.headers['content-security-policy']).toContain("require-trusted-types-for 'script'")
    http.close()
    expect(await first.stop('SIGTERM')).toBe(0)

    await using second = await startNormalServer(data, port)
    expect(second.setupLink).toBeUndefined()
    const later = new HttpClient(second.url)
    const who = await later.request('GET', '/_matrix/client/v3/account/whoami', {
      token: stringAt(admin, 'access_token'),
    })
    expect(at(expectOk(who), 'user_id')).toBe(at(admin, 'user_id'))
    later.close()
    expect(await second.stop('SIGINT')).toBe(0)
  })

  test('a database of the normal mode refuses the test mode', () => {
    const run = spawnSync(
      'node',
      [join(root, 'homeserver/bin/start.mjs'), '--test', '--port', '0', '--data', data],
      { cwd: root, encoding: 'utf8', timeout: 60_000 },
    )
    expect(run.status).not.toBe(0)
    expect(`${run.stdout}${run.stderr}`).toMatch(/test/i)
  })
})

describe('npm run serve:test', () => {
  test('keeps data and port over stop and start, and frees its processes', async () => {
    const folder = mkdtempSync(join(testFolder(), 'hearth-restart-'))
    const first = await startServer({ data: folder })
    const http = new HttpClient(first.url)
    const alice = await register(http, 'alice')
    const room = await alice.createRoom({ name: 'kept' })
    expect(await first.stop()).toBe(0)
    expect(alive(first.pids().server)).toBe(false)
    expect(alive(first.pids().postgres)).toBe(false)

    const second = await startServer({ data: folder, port: first.port })
    const name = await alice.call(
      'GET',
      `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/state/m.room.name`,
    )
    expect(at(expectOk(name), 'name')).toBe('kept')
    http.close()
    await second[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })
})

describe('npx hearth', () => {
  test.each(['serve', 'check-config', 'create-user', 'migrate', 'generate-signing-key'])(
    '%s --help says what it does',
    (command) => {
      const run = spawnSync('node', [join(root, 'homeserver/bin/hearth.mjs'), command, '--help'], {
        encoding: 'utf8',
      })
      expect(run.status).toBe(0)
      expect(run.stdout).toContain(`hearth ${command}`)
    },
  )
})

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The final answer of a registration by token: the account, or the refusal. */
async function registerWithToken(
  http: HttpClient,
  username: string,
  token: string,
): Promise<unknown> {
  const path = '/_matrix/client/v3/register'
  const body = { username, password: `a long password of ${username}` }
  const started = await http.request('POST', path, { body })
  const session = at(started.body, 'session')
  const answer = await http.request('POST', path, {
    body: { ...body, auth: { type: 'm.login.registration_token', token, session } },
  })
  const next = at(answer.body, 'completed')
  if (answer.status !== 401 || next === undefined) return answer.body
  const dummy = { type: 'm.login.dummy', session }
  return (await http.request('POST', path, { body: { ...body, auth: dummy } })).body
}
