import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig } from '#config/load.ts'
import { createContext, type Server } from '#context'
import { systemClock, type Clock } from '#platform/clock.ts'
import { createLogger } from '#platform/logger.ts'
import { systemRng } from '#platform/rng.ts'
import { choosePolicies, type Policies } from '#policies/policies.ts'
import { cheapPasswordHasher } from '#policies/password-hasher.ts'
import { NO_RATE_LIMITS } from '#policies/rate-limiter.ts'
import { testDatabase } from './database.ts'
import { TEST_SERVER_NAME } from './server-name.ts'
import { TestUser } from './user.ts'

export interface TestServerOptions {
  /** YAML lines of the configuration beside the server name. */
  readonly config?: string
  /** What differs from: open registration, no rate limits, cheap passwords. */
  readonly policies?: Partial<Policies>
  readonly clock?: Clock
  /** The database of another test server, to run two over one. */
  readonly databaseUrl?: string
}

/** A real server with all its services, listening on a free port over a database of its own. */
export interface TestServer extends AsyncDisposable {
  readonly ctx: Server
  readonly url: string
  readonly databaseUrl: string
  /** Any request; the path goes out as given. */
  request(method: string, path: string, options?: RequestOptions): Promise<TestAnswer>
  /** A new account, signed in. */
  user(localpart: string): Promise<TestUser>
}

export interface RequestOptions {
  readonly token?: string | undefined
  readonly body?: unknown
  /** Sent as it is instead of `body`. */
  readonly raw?: string | Uint8Array<ArrayBuffer>
  readonly signal?: AbortSignal
}

export interface TestAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Parsed JSON; undefined when it is none. */
  readonly body: unknown
}

/** Starts a server in this process. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  await using stack = new AsyncDisposableStack()
  const data = await mkdtemp(join(tmpdir(), 'hearth-server-'))
  stack.defer(() => rm(data, { recursive: true, force: true }))
  const database = options.databaseUrl === undefined ? stack.use(await testDatabase()) : undefined
  const databaseUrl = options.databaseUrl ?? database?.url ?? ''
  const config = parseConfig(`server_name: ${TEST_SERVER_NAME}\n${options.config ?? ''}`, {
    overrides: { data },
  })
  const { policies: strict } = choosePolicies(config, {})
  const ctx = stack.use(
    await createContext({
      config,
      policies: {
        ...strict,
        limiter: NO_RATE_LIMITS,
        passwordHasher: cheapPasswordHasher,
        registration: { mode: 'open', sessionlessDummy: true, sharedSecret: undefined },
        ...options.policies,
      },
      testMode: false,
      databaseUrl,
      clock: options.clock ?? systemClock,
      rng: systemRng,
      logger: createLogger('warn'),
    }),
  )
  const { url } = await ctx.listen('127.0.0.1', 0)
  const resources = stack.move()
  const server: TestServer = {
    ctx,
    url,
    databaseUrl,
    request: (method, path, request) => send(url, method, path, request),
    user: (localpart) => TestUser.register(server, localpart),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
  return server
}

async function send(
  base: string,
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<TestAnswer> {
  const body = options.raw ?? (options.body === undefined ? null : JSON.stringify(options.body))
  const response = await fetch(base + path, {
    method,
    body,
    headers: options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` },
    ...(options.signal !== undefined && { signal: options.signal }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: parse(text) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
