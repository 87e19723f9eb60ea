import type { Middleware } from 'koa'
import type { Context } from '#context'
import type { Endpoint } from './endpoint.ts'
import { healthEndpoint, type HealthCheck } from './health.ts'
import { replyWriter } from './reply.ts'
import { RequestSignals } from './request-signals.ts'
import { createListener, type HttpServer } from './server.ts'
import { TrustedProxies } from './trusted-proxies.ts'

export interface HttpServerParts {
  /** Adds a header to every answer, nothing else. */
  readonly testMode: boolean
  /** Serves the web client. */
  readonly web?: Middleware
  readonly health?: HealthCheck
}

/** The server's listener: every endpoint over one context, `/health`, and the web client at `/`. */
export function createHttpServer(
  ctx: Context,
  endpoints: readonly Endpoint[],
  parts: HttpServerParts,
): HttpServer {
  const { http } = ctx.config
  const signals = new RequestSignals()
  const check: HealthCheck = parts.health ?? (() => Promise.resolve({}))
  const health = healthEndpoint({ check, isDraining: () => signals.draining })
  return createListener(
    [...endpoints, health],
    {
      ctx,
      signals,
      testMode: parts.testMode,
      writeReply: replyWriter(parts.testMode),
      ...(parts.web !== undefined && { web: parts.web }),
      authenticate: (token) => ctx.sessions.authenticate(token),
      seen: (requester, ip, userAgent) => ctx.sessions.seen(requester, ip, userAgent),
      accessTokenQuery: http.access_token_query,
      limiter: ctx.policies.limiter,
      proxies: new TrustedProxies(http.trusted_proxies),
      logger: ctx.logger.child({ part: 'http' }),
      clock: ctx.clock,
      rng: ctx.rng,
    },
    { keepAliveMs: http.keep_alive_s * 1000 },
  )
}
