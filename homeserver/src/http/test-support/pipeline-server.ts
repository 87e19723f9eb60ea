import type { Middleware } from 'koa'
import type { Context } from '#context'
import type { DeviceKey, UserKey } from '#log/types.ts'
import { unknownToken } from '#matrix/errors.ts'
import { parseDeviceId, parseUserId } from '#matrix/ids.ts'
import { systemClock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import { systemRng } from '#platform/rng.ts'
import { NO_RATE_LIMITS, type RateLimiter } from '#policies/rate-limiter.ts'
import type { Endpoint, Requester } from '../endpoint.ts'
import { replyWriter } from '../reply.ts'
import { RequestSignals } from '../request-signals.ts'
import { createListener } from '../server.ts'
import { TrustedProxies } from '../trusted-proxies.ts'

interface LogLine {
  readonly level: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string | undefined
}

/** A logger that remembers. */
function recordingLogger(lines: LogLine[]): Logger {
  const at =
    (level: string) =>
    (fields: unknown, message?: string): void => {
      const entries = typeof fields === 'object' && fields !== null ? Object.entries(fields) : []
      lines.push({ level, fields: Object.fromEntries(entries), message })
    }
  const logger: Logger = {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  }
  return logger
}

const requester = (
  name: string,
  state: Partial<Pick<Requester, 'admin' | 'guest' | 'locked' | 'suspended'>> = {},
): Requester => {
  const userId = parseUserId(`@${name}:test.example`)
  return {
    userId,
    user: 1 as UserKey,
    deviceId: parseDeviceId('PHONE'),
    device: 1 as DeviceKey,
    admin: false,
    guest: false,
    locked: false,
    suspended: false,
    ...state,
    session: userId,
    mayActAs: (other) => other === userId,
  }
}

/** Who may come in, by access token. */
const TOKENS: ReadonlyMap<string, Requester> = new Map([
  ['alice-token', requester('alice')],
  ['admin-token', requester('admin', { admin: true })],
  ['guest-token', requester('guest', { guest: true })],
  ['locked-token', requester('locked', { locked: true })],
  ['suspended-token', requester('suspended', { suspended: true })],
])

export interface PipelineOptions {
  readonly limiter?: RateLimiter
  readonly accessTokenQuery?: 'off' | 'all'
  readonly trustedProxies?: readonly string[]
  readonly testMode?: boolean
  readonly web?: Middleware
}

/** A listening server over the given endpoints, with a few known access tokens and no services. */
export async function pipelineServer(
  endpoints: readonly Endpoint[],
  options: PipelineOptions = {},
) {
  const lines: LogLine[] = []
  const http = createListener(
    endpoints,
    {
      // the endpoints of these tests use no service
      ctx: {} as Context,
      signals: new RequestSignals(),
      testMode: options.testMode ?? false,
      writeReply: replyWriter(options.testMode ?? false),
      ...(options.web !== undefined && { web: options.web }),
      authenticate(token) {
        const known = TOKENS.get(token)
        return known === undefined ? Promise.reject(unknownToken()) : Promise.resolve(known)
      },
      seen: () => {},
      accessTokenQuery: options.accessTokenQuery ?? 'off',
      limiter: options.limiter ?? NO_RATE_LIMITS,
      proxies: new TrustedProxies(options.trustedProxies ?? []),
      logger: recordingLogger(lines),
      clock: systemClock,
      rng: systemRng,
    },
    { keepAliveMs: 5_000 },
  )
  const { port } = await http.listen('127.0.0.1', 0)
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    lines,
    close: () => http.close(100),
    [Symbol.asyncDispose]: () => http.close(100),
  }
}

/** Parameters of a request as alice. */
export const asAlice = (init: Omit<RequestInit, 'headers'> = {}): RequestInit => ({
  ...init,
  headers: { Authorization: 'Bearer alice-token' },
})
