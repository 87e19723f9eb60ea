import type { TestUser } from '../harness/user.ts'
import type { TokenKind } from './tokens.ts'

/** Parts of a request for an operation; the names are the specification's. */
export interface Parts {
  /** Whose token it carries; null: none. */
  readonly as?: TestUser | null
  readonly token?: string
  /** Parameters of the path, not encoded yet. */
  readonly path?: Readonly<Record<string, string>>
  /** One that is undefined is left out, a list is repeated. */
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>
  /** One that is undefined is left out. */
  readonly body?: Readonly<Record<string, unknown>>
  /** The body as it goes out, instead of the other one. */
  readonly raw?: string | Uint8Array<ArrayBuffer>
  /** Path and query as they go out, instead of the others. */
  readonly url?: string
}

/** What the row says, what it changes of the good request, and the answer: `400 M_BAD_JSON`, or `200`. */
export type Row = readonly [title: string, change: Parts, answer: string]

/** A good request for an operation, and how it is spoiled. */
export interface Spoiled {
  readonly good: Parts
  /** What the good one is answered with, when that is not 200. */
  readonly fine?: string
  /** Where the path has `roomId`: the answers about a room that nobody knows, and to somebody who is not in it. */
  readonly unknownRoom?: string
  readonly stranger?: string
  /** Where the path has `roomId` and `eventId`: the answer about events of other rooms. */
  readonly otherRoom?: string
  /** Where the path has `userId`: the answer about another user. */
  readonly otherUser?: string
  /** For each token that it takes: the answers to those that are not refused by `400 M_INVALID_PARAM`. */
  readonly tokens?: Readonly<Record<string, Readonly<Partial<Record<TokenKind, string>>>>>
  readonly rows?: readonly Row[]
  /** Rows made from the specification whose answer is another one here, by their titles. */
  readonly except?: Readonly<Record<string, string>>
}

/** By operation id. */
export type Table = Readonly<Record<string, Spoiled>>

/** The good request with some parts changed. */
export function changed(good: Parts, change: Parts): Parts {
  return {
    ...good,
    ...change,
    path: { ...good.path, ...change.path },
    query: { ...good.query, ...change.query },
    ...((good.body ?? change.body) !== undefined && { body: { ...good.body, ...change.body } }),
  }
}
