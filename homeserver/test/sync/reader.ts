import { at, list, ok, text, type TestUser } from '../harness/user.ts'

/** A client that syncs again and again, each time from its last answer. */
export class Reader {
  readonly user: TestUser
  readonly #query: Readonly<Record<string, string>>
  since: string | undefined

  constructor(user: TestUser, options: { filter?: unknown; query?: Record<string, string> } = {}) {
    this.user = user
    const filter = options.filter === undefined ? {} : { filter: JSON.stringify(options.filter) }
    this.#query = { ...filter, ...options.query }
  }

  /** The next answer; waits for news for `timeout` milliseconds. */
  async next(timeout = 0): Promise<unknown> {
    const since = this.since === undefined ? {} : { since: this.since }
    const answer = await this.user.sync({ ...this.#query, ...since, timeout: String(timeout) })
    this.since = text(answer, 'next_batch')
    return answer
  }

  /** The first answer that satisfies a condition, however many it takes. */
  async until(condition: (answer: unknown) => boolean): Promise<unknown> {
    for (let round = 1; round <= 50; round++) {
      const answer = await this.next(5_000)
      if (condition(answer)) return answer
    }
    throw new Error('nothing of the kind came')
  }
}

export const joined = (answer: unknown, room: string) => at(answer, 'rooms', 'join', room)
export const left = (answer: unknown, room: string) => at(answer, 'rooms', 'leave', room)

/** Events of a room section. */
export const timelineOf = (section: unknown) => list(section, 'timeline', 'events')
export const stateOf = (section: unknown, field = 'state') => list(section, field, 'events')

/** The bodies of the messages in a timeline. */
export const bodies = (section: unknown): unknown[] =>
  timelineOf(section)
    .filter((event) => at(event, 'type') === 'm.room.message')
    .map((event) => at(event, 'content', 'body'))

/** Events of a list by `type` or, for state, `type|state_key`. */
export const types = (events: readonly unknown[]): string[] =>
  events.map((event) => {
    const key = at(event, 'state_key')
    return typeof key === 'string' ? `${text(event, 'type')}|${key}` : text(event, 'type')
  })

/** `m.room.member` events of a list, as user IDs. */
export const members = (events: readonly unknown[]): unknown[] =>
  events
    .filter((event) => at(event, 'type') === 'm.room.member')
    .map((event) => at(event, 'state_key'))

/** The keys of an object; none for anything else. */
export const keys = (value: unknown): string[] =>
  typeof value === 'object' && value !== null ? Object.keys(value) : []

/** The content of the first ephemeral event of a type. */
export const ephemeral = (section: unknown, type: string): unknown =>
  at(
    list(section, 'ephemeral', 'events').find((event) => at(event, 'type') === type),
    'content',
  )

export const unread = (section: unknown): unknown => at(section, 'unread_notifications')

/** A page of `/messages`. */
export async function messages(
  user: TestUser,
  room: string,
  query: Readonly<Record<string, string>>,
): Promise<unknown> {
  const search = new URLSearchParams(query).toString()
  return ok(await user.call('GET', `/rooms/${encodeURIComponent(room)}/messages?${search}`))
}

export const path = (...parts: readonly string[]): string =>
  parts.map((part) => `/${encodeURIComponent(part)}`).join('')

export async function typing(user: TestUser, room: string, on: boolean): Promise<void> {
  ok(await user.call('PUT', path('rooms', room, 'typing', user.userId), { typing: on }))
}

export async function read(
  user: TestUser,
  room: string,
  event: string,
  type = 'm.read',
  body = {},
) {
  ok(await user.call('POST', path('rooms', room, 'receipt', type, event), body))
}
