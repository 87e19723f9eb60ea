import type { Middleware, ParameterizedContext } from 'koa'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import type { Rng } from '#platform/rng.ts'
import { ClientGone } from './body-reader.ts'
import { errorReply } from './error-reply.ts'
import { Outages } from './outages.ts'
import { writeReply } from './reply.ts'

export interface EdgeDeps {
  readonly logger: Logger
  readonly rng: Rng
  readonly clock: Clock
  readonly testMode: boolean
}

/** The outermost step: whatever is thrown becomes an answer, and each answer a line at debug level. */
export function edge(deps: EdgeDeps): Middleware {
  const outages = new Outages(deps)
  return async (koa, next) => {
    const started = deps.clock.monotonic()
    if (deps.testMode) koa.res.setHeader('X-Hearth-Test-Mode', '1')
    try {
      await next()
    } catch (error) {
      outages.note(error)
      fail(koa, error, deps)
    }
    deps.logger.debug(
      {
        method: koa.method,
        path: koa.path,
        status: koa.res.statusCode,
        ms: Math.round(deps.clock.monotonic() - started),
      },
      'request',
    )
  }
}

function fail(koa: ParameterizedContext, error: unknown, deps: EdgeDeps): void {
  koa.respond = false
  if (error instanceof ClientGone || koa.res.destroyed) return void koa.res.destroy()
  const reply = errorReply(error, { method: koa.method, path: koa.path }, deps)
  if (koa.res.headersSent) koa.res.destroy()
  else writeReply(koa.res, reply)
}
