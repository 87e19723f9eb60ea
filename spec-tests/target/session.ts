import type { Sections } from './configured-server.ts'
import { at } from './json.ts'
import { type Answer, HttpClient } from './matrix-client.ts'
import { type TargetServer, targetServer } from './target.ts'
import { register, type User } from './user.ts'

export const V3 = '/_matrix/client/v3'

/** A server and its users, for the tests of one file. */
export class Session implements AsyncDisposable {
  readonly target: TargetServer
  readonly http: HttpClient

  private constructor(target: TargetServer) {
    this.target = target
    this.http = new HttpClient(target.url)
  }

  /** @param sections of the configuration, when the server is a new Hearth */
  static async start(sections?: Sections): Promise<Session> {
    return new Session(await targetServer(sections))
  }

  user(name: string): Promise<User> {
    return register(this.http, name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.http.close()
    await this.target[Symbol.asyncDispose]()
  }
}

/** The path of a room's operation; every part is escaped. */
export function inRoom(roomId: string, ...parts: readonly string[]): string {
  return [`${V3}/rooms`, ...[roomId, ...parts].map(encodeURIComponent)].join('/')
}

/** Status and error code of an answer, as `403 M_FORBIDDEN`; a success is its status alone. */
export function outcome(answer: Answer): string {
  const errcode = at(answer.body, 'errcode')
  return typeof errcode === 'string' ? `${answer.status} ${errcode}` : String(answer.status)
}
