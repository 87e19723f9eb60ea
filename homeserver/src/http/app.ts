import Router from '@koa/router'
import Koa, { type Middleware } from 'koa'
import { unrecognized } from '#matrix/errors.ts'
import { PREFLIGHT_HEADERS } from './cors.ts'
import { edge, type EdgeDeps } from './edge.ts'
import type { Endpoint } from './endpoint.ts'
import { HOT_ROUTES } from './hot-routes.ts'
import { patternSource } from './path-pattern.ts'
import { serve, type PipelineDeps } from './pipeline.ts'
import { RadixDispatcher } from './radix-dispatcher.ts'
import { routeTable, type Route } from './route-table.ts'

export interface AppDeps extends PipelineDeps, EdgeDeps {
  /** Serves the web client; passes on what it has no file for. */
  readonly web?: Middleware
}

/** The Koa application: every request passes these steps in this order. */
export function createApp(endpoints: readonly Endpoint[], deps: AppDeps): Koa {
  const routes = routeTable(endpoints)
  const app = new Koa()
  // errors of requests are answered below; here come broken connections, which Koa would print
  app.on('error', (error: unknown) => {
    deps.logger.debug({ error: String(error) }, 'a connection broke')
  })
  app.use(edge(deps))
  app.use(preflight)
  app.use(hotRoutes(routes, deps))
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

function hotRoutes(routes: readonly Route[], deps: PipelineDeps): Middleware {
  const dispatcher = new RadixDispatcher(
    routes.filter(({ endpoint }) => HOT_ROUTES.has(`${endpoint.method} ${endpoint.path}`)),
  )
  return (koa, next) => {
    const match = dispatcher.find(koa.method, koa.path)
    return match === undefined ? next() : serve(koa, match, deps)
  }
}

function allRoutes(routes: readonly Route[], deps: PipelineDeps) {
  const router = new Router({ sensitive: true })
  for (const { endpoint, segments, names } of routes) {
    router.register(
      new RegExp(`^${patternSource(segments)}$`),
      [endpoint.method],
      (koa) => serve(koa, { endpoint, names, captures: koa.captures ?? [] }, deps),
      { pathAsRegExp: true },
    )
  }
  return router.routes()
}

const noRoute: Middleware = (koa) => {
  const matched: unknown = koa['matched']
  const known = Array.isArray(matched) && matched.length > 0
  throw unrecognized(known ? 'The method is not allowed here.' : undefined, known ? 405 : 404)
}
