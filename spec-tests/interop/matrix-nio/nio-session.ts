import { RecordingProxy } from '../../contract/recording-proxy.ts'
import { at } from '../../target/json.ts'
import { Session } from '../../target/session.ts'
import { accountName } from '../../target/target.ts'
import { passwordOf, type User } from '../../target/user.ts'
import { NioPerson } from './nio-person.ts'

/** What this nio needs of a server: it sends its access token in the query string. */
const SECTIONS = { http: { access_token_query: 'all' }, presence: { enabled: true } }

/** A server, and people with nio at it; every answer that nio gets passes the recorder. */
export class NioSession implements AsyncDisposable {
  readonly session: Session
  readonly #proxy: RecordingProxy
  readonly #people: NioPerson[] = []

  private constructor(session: Session, proxy: RecordingProxy) {
    this.session = session
    this.#proxy = proxy
  }

  static async start(): Promise<NioSession> {
    const session = await Session.start(SECTIONS)
    return new NioSession(session, await RecordingProxy.start(session.target.url))
  }

  /** A program with nio that has not signed in. @param user the full user id, or its localpart */
  program(user: string): NioPerson {
    const person = new NioPerson(this.#proxy.url, user)
    this.#people.push(person)
    return person
  }

  /** Registers somebody who then signs in with nio, by password. The harness has a device too. */
  async person(name: string): Promise<{ nio: NioPerson; user: User }> {
    const user = await this.session.user(name)
    const nio = this.program(user.userId)
    await nio.call('login', { password: passwordOf(accountName(name)), device_name: 'nio' })
    return { nio, user }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const person of this.#people) await person[Symbol.asyncDispose]()
    await this.#proxy[Symbol.asyncDispose]()
    await this.session[Symbol.asyncDispose]()
  }
}

/** The body of an answer that nio's HTTP layer had. @throws {Error} unless it was a 200 */
export function bodyOf(answer: unknown): unknown {
  if (at(answer, 'status') !== 200) throw new Error(`Expected 200: ${JSON.stringify(answer)}`)
  return at(answer, 'body')
}
