import { parseUserId, type UserId } from '#matrix/ids.ts'
import type { TestAnswer, TestServer } from './server.ts'

/** A signed-in account of a test server. */
export class TestUser {
  readonly server: TestServer
  readonly userId: UserId
  readonly token: string
  readonly deviceId: string

  private constructor(server: TestServer, userId: UserId, token: string, deviceId: string) {
    this.server = server
    this.userId = userId
    this.token = token
    this.deviceId = deviceId
  }

  static async register(server: TestServer, localpart: string): Promise<TestUser> {
    const body = { username: localpart, password: 'a password', auth: { type: 'm.login.dummy' } }
    return this.#from(server, await server.request('POST', '/_matrix/client/v3/register', { body }))
  }

  /** The same account on another device. */
  async otherDevice(): Promise<TestUser> {
    const answer = await this.server.request('POST', '/_matrix/client/v3/login', {
      body: {
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: this.userId },
        password: 'a password',
      },
    })
    return TestUser.#from(this.server, answer)
  }

  static #from(server: TestServer, answer: TestAnswer): TestUser {
    const body = ok(answer)
    return new TestUser(
      server,
      parseUserId(text(body, 'user_id')),
      text(body, 'access_token'),
      text(body, 'device_id'),
    )
  }

  /** A request with this user's token; `path` is below `/_matrix/client/v3`. */
  call(method: string, path: string, body?: unknown): Promise<TestAnswer> {
    return this.server.request(method, `/_matrix/client/v3${path}`, { token: this.token, body })
  }

  /** @returns the room id */
  async createRoom(options: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return text(ok(await this.call('POST', '/createRoom', options)), 'room_id')
  }

  async join(roomId: string): Promise<void> {
    ok(await this.call('POST', `/rooms/${encodeURIComponent(roomId)}/join`, {}))
  }

  async invite(roomId: string, userId: string): Promise<void> {
    const path = `/rooms/${encodeURIComponent(roomId)}/invite`
    ok(await this.call('POST', path, { user_id: userId }))
  }

  async leave(roomId: string): Promise<void> {
    ok(await this.call('POST', `/rooms/${encodeURIComponent(roomId)}/leave`, {}))
  }

  #txn = 0

  /** @returns the event id */
  async say(roomId: string, body: string): Promise<string> {
    this.#txn += 1
    const path = `/rooms/${encodeURIComponent(roomId)}/send/m.room.message/say${this.#txn}`
    return text(ok(await this.call('PUT', path, { msgtype: 'm.text', body })), 'event_id')
  }

  /** @returns the event id */
  async setState(roomId: string, type: string, stateKey: string, content: unknown) {
    const path = `/rooms/${encodeURIComponent(roomId)}/state/${encodeURIComponent(type)}/${encodeURIComponent(stateKey)}`
    return text(ok(await this.call('PUT', path, content)), 'event_id')
  }

  /** One `/sync`. */
  async sync(query: Readonly<Record<string, string>> = {}): Promise<unknown> {
    return ok(await this.call('GET', `/sync?${new URLSearchParams(query).toString()}`))
  }
}

/** The body of a 200. @throws {Error} that quotes any other answer */
export function ok(answer: TestAnswer): unknown {
  if (answer.status === 200) return answer.body
  throw new Error(`Expected 200, got ${answer.status}: ${answer.text.slice(0, 500)}`)
}

/** What lies at a path of a parsed answer. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (found, step) =>
      typeof found === 'object' && found !== null ? Reflect.get(found, step) : undefined,
    value,
  )
}

/** A string at a path. @throws {Error} when there is none */
export function text(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path)
  if (typeof found === 'string') return found
  throw new Error(`No text at ${path.join('.')} of ${JSON.stringify(value)}`)
}

/** A list at a path; empty when there is none. */
export function list(value: unknown, ...path: readonly (string | number)[]): unknown[] {
  const found = at(value, ...path)
  return Array.isArray(found) ? found : []
}
