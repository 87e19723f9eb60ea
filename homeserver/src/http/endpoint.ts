import { z } from 'zod'
import type { Context } from '#context'
import type { JsonObject } from '#matrix/json.ts'
import type { RateLimitBucket } from '#policies/rate-limiter.ts'
import type { Requester } from '#services/sessions/index.ts'

export { z }
export { jsonObject, queryBoolean, queryInt, queryList, storableText } from './schemas.ts'
export type { Requester }

/** `optional`: a valid token is used, its absence is fine, a bad one is an error. */
export type Auth = 'none' | 'optional' | 'user' | 'admin'

type RequesterFor<A extends Auth> = A extends 'none'
  ? undefined
  : A extends 'optional'
    ? Requester | undefined
    : Requester

/** A response body that is JSON text already, sent as it is. */
export class RawJson {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What a handler returns when a plain body is not enough. */
export class Reply {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** The request as a handler sees it. */
export interface HandlerInput<A extends Auth, P, Q, B> {
  readonly params: P
  readonly query: Q
  readonly body: B
  /** The body as it came, uncopied and unchecked but for being an object; empty without one. */
  readonly source: JsonObject
  readonly requester: RequesterFor<A>
  readonly ctx: Context
  /** Aborts when the client goes away or the server drains. */
  readonly signal: AbortSignal
  readonly request: {
    readonly ip: string
    /** What limits by address count: the address, or the /64 of an IPv6 address. */
    readonly addressKey: string
    /** Scheme, host and port under which the client reached this server, as far as it told. */
    readonly origin: string | undefined
    readonly userAgent: string
    /** Path and query as they came, not decoded. */
    readonly url: string
    /** The body as text, '' without one: for checks of the source (numbers, size). */
    readonly rawBody: string
  }
}

/** The whole contract of an operation, stated above its handler. */
export interface EndpointSpec<
  A extends Auth,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
> {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /**
   * With `:name` for parameters, which arrive decoded once. A final `{/:name}` may be absent or
   * empty: `/state/:eventType{/:stateKey}` serves `/state/m.x`, `/state/m.x/` and `/state/m.x/k`;
   * the parameter is `''` in the first two.
   */
  readonly path: string
  /** Older prefixes that serve the same route; by default every `v3` path is also `r0` and `unstable`. */
  readonly legacy?: readonly ('r0' | 'unstable' | 'v1')[]
  readonly auth: A
  /**
   * True for what a suspended account may do as well; reading (GET) always is. A handler that allows
   * some requests only says so itself.
   */
  readonly whileSuspended?: true
  /** True for what a locked account may do as well: logging out. */
  readonly whileLocked?: true
  /** True for what guests may do as well; what needs no token is open to them in any case. */
  readonly guests?: true
  /** The bucket that is charged; absent where the operation documents no 429. */
  readonly rateLimit?: RateLimitBucket
  readonly params?: P
  readonly query?: Q
  /** Absent: the operation has no body and whatever came is ignored. */
  readonly body?: B
  /** True where the specification lets clients leave the body out: an empty one counts as `{}`. */
  readonly optionalBody?: true
  /** Limit of the body in bytes, 1 MiB by default. */
  readonly maxBodyBytes?: number
  handler(input: HandlerInput<A, z.output<P>, z.output<Q>, z.output<B>>): Promise<unknown>
}

/** An operation of any shape, as the router holds it. */
export type Endpoint = EndpointSpec<Auth, z.ZodType, z.ZodType, z.ZodType>

/** Declares an operation; the types of the handler's input follow from the schemas. */
export function endpoint<
  const A extends Auth,
  P extends z.ZodType = z.ZodType<Readonly<Record<string, string>>>,
  Q extends z.ZodType = z.ZodType<Readonly<Record<string, string | string[]>>>,
  B extends z.ZodType = z.ZodType<undefined>,
>(spec: EndpointSpec<A, P, Q, B>): Endpoint {
  return spec
}
