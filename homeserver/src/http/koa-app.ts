import Router from '@koa/router'
import Koa, { type Middleware, type ParameterizedContext } from 'koa'
import { unrecognized } from '#matrix/errors.ts'
import type { AppDeps } from './app.ts'
import { PREFLIGHT_HEADERS } from './cors.ts'
import type { Edge } from './edge.ts'
import type { Exchange } from './exchange.ts'
import { patternSource } from './path-pattern.ts'
import { serve, type PipelineDeps } from './pipeline.ts'
import type { Route } from './route-table.ts'

/** The Koa application: requests pass these steps in this order. */
export function koaApp(routes: readonly Route[], edge: Edge, deps: AppDeps): Koa {
  const app = new Koa()
  // errors of requests are answered at the edge; here come broken connections, which Koa would print
  app.on('error', (error: unknown) => {
    deps.logger.debug({ error: String(error) }, 'a connection broke')
  })
  app.use((koa, next) => {
    if (deps.testMode) koa.res.setHeader('X-Hearth-Test-Mode', '1')
    return edge.run(koa, koa.res, next, () => (koa.respond = false))
  })
  app.use(preflight)
  app.use(allRoutes(routes, deps))
  if (deps.web !== undefined) app.use(deps.web)
  app.use(noRoute)
  return app
}

const preflight: Middleware = (koa, next) => {
  if (koa.method !== 'OPTIONS') return next()
  koa.respond = false
  koa.res.writeHead(204, PREFLIGHT_HEADERS).end()
  return Promise.resolve()
}

function allRoutes(routes: readonly Route[], deps: PipelineDeps) {
  const router = new Router({ sensitive: true })
  for (const { endpoint, segments, names } of routes) {
    router.register(
      new RegExp(`^${patternSource(segments)}$`),
      [endpoint.method],
      async (koa) => {
        await serve(exchangeOf(koa), { endpoint, names, captures: koa.captures ?? [] }, deps)
        koa.respond = false
      },
      { pathAsRegExp: true },
    )
  }
  return router.routes()
}

const exchangeOf = (koa: ParameterizedContext): Exchange => ({
  request: koa.req,
  response: koa.res,
  method: koa.method,
  path: koa.path,
  querystring: koa.querystring,
})

const noRoute: Middleware = (koa) => {
  const matched: unknown = koa['matched']
  const known = Array.isArray(matched) && matched.length > 0
  throw unrecognized(known ? 'The method is not allowed here.' : undefined, known ? 405 : 404)
}
