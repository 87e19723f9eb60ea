import type { IncomingMessage, ServerResponse } from 'node:http'
import Router from '@koa/router'
import Koa, { type Middleware, type ParameterizedContext } from 'koa'
import { unrecognized } from '#matrix/errors.ts'
import { PREFLIGHT_HEADERS } from './cors.ts'
import { Edge, type EdgeDeps } from './edge.ts'
import type { Endpoint } from './endpoint.ts'
import { simpleExchange, type Exchange } from './exchange.ts'
import { HOT_ROUTES } from './hot-routes.ts'
import { patternSource } from './path-pattern.ts'
import { serve, type PipelineDeps } from './pipeline.ts'
import { RadixDispatcher } from './radix-dispatcher.ts'
import { routeTable, type Route } from './route-table.ts'

export interface AppDeps extends PipelineDeps, EdgeDeps {
  /** Adds a header to every answer, nothing else. */
  readonly testMode: boolean
  /** Serves the web client; passes on what it has no file for. */
  readonly web?: Middleware
}

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

/**
 * What serves every request. The hot routes go straight to the pipeline, which spares them a fifth of
 * what a small request costs; everything else passes through Koa. Both are within the same edge.
 */
export function createApp(endpoints: readonly Endpoint[], deps: AppDeps): Listener {
  const routes = routeTable(endpoints)
  const hot = new RadixDispatcher(
    routes.filter(({ endpoint }) => HOT_ROUTES.has(`${endpoint.method} ${endpoint.path}`)),
  )
  const edge = new Edge(deps)
  const rest = koaApp(routes, edge, deps).callback()
  return (request, response) => {
    const exchange = simpleExchange(request, response)
    const match = exchange && hot.find(exchange.method, exchange.path)
    if (exchange === undefined || match === undefined) return rest(request, response)
    return edge.run(exchange, response, () => serve(exchange, match, deps))
  }
}

/** The Koa application: requests pass these steps in this order. */
function koaApp(routes: readonly Route[], edge: Edge, deps: AppDeps): Koa {
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
