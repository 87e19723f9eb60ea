import { stringAt } from './json.ts'
import type { Answer, Http } from './matrix-client.ts'
import { accountName } from './target.ts'

/** A registered user and the calls that tests and benchmarks make most. */
export class User {
  readonly http: Http
  readonly userId: string
  readonly token: string
  readonly deviceId: string
  #txn = 0

  constructor(http: Http, userId: string, token: string, deviceId: string) {
    this.http = http
    this.userId = userId
    this.token = token
    this.deviceId = deviceId
  }

  call(method: string, path: string, body?: unknown, timeoutMs?: number): Promise<Answer> {
    return this.http.request(method, path, {
      token: this.token,
      ...(body !== undefined && { body }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    })
  }

  /** @returns the room id @throws {Error} unless the answer is 200 */
  async createRoom(options: Record<string, unknown> = {}): Promise<string> {
    const answer = await this.call('POST', '/_matrix/client/v3/createRoom', options)
    return stringAt(expectOk(answer), 'room_id')
  }

  async join(roomId: string): Promise<void> {
    expectOk(
      await this.call('POST', `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/join`, {}),
    )
  }

  async invite(roomId: string, userId: string): Promise<void> {
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/invite`
    expectOk(await this.call('POST', path, { user_id: userId }))
  }

  nextTxn(): string {
    this.#txn += 1
    return `t${this.#txn}`
  }

  /** @returns the event id */
  async sendText(roomId: string, body: string, txn = this.nextTxn()): Promise<string> {
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/send/m.room.message/${txn}`
    const answer = await this.call('PUT', path, { msgtype: 'm.text', body })
    return stringAt(expectOk(answer), 'event_id')
  }

  /** One `/sync`; the query goes out as given. */
  async sync(query: Record<string, string> = {}): Promise<unknown> {
    const search = new URLSearchParams(query).toString()
    return expectOk(await this.call('GET', `/_matrix/client/v3/sync?${search}`))
  }
}

/** The body of a 200. @throws {Error} naming status and body of anything else */
export function expectOk(answer: Answer): unknown {
  if (answer.status !== 200) {
    throw new Error(`Expected 200, got ${answer.status}: ${answer.text.slice(0, 500)}`)
  }
  return answer.body
}

/** The password that `register` gives to an account. */
export function passwordOf(username: string): string {
  return `password of ${username}`
}

/** Registers by `m.login.dummy`, with or without a session, as the server asks. */
export async function register(http: Http, name: string): Promise<User> {
  const username = accountName(name)
  const path = '/_matrix/client/v3/register'
  const body = { username, password: passwordOf(username) }
  const auth = { type: 'm.login.dummy' }
  let answer = await http.request('POST', path, { body: { ...body, auth } })
  if (answer.status === 401) {
    const session = stringAt(answer.body, 'session')
    answer = await http.request('POST', path, { body: { ...body, auth: { ...auth, session } } })
  }
  const ok = expectOk(answer)
  return new User(
    http,
    stringAt(ok, 'user_id'),
    stringAt(ok, 'access_token'),
    stringAt(ok, 'device_id'),
  )
}
