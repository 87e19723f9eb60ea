import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Middleware } from 'koa'
import { Edge, type EdgeDeps } from './edge.ts'
import type { Endpoint } from './endpoint.ts'
import { simpleExchange } from './exchange.ts'
import { HOT_ROUTES } from './hot-routes.ts'
import { serve, type PipelineDeps } from './pipeline.ts'
import { RadixDispatcher } from './radix-dispatcher.ts'
import { routeTable } from './route-table.ts'

export interface AppDeps extends PipelineDeps, EdgeDeps {
  /** Adds a header to every answer, nothing else. */
  readonly testMode: boolean
  /** Serves the web client; passes on what it has no file for. */
  readonly web?: Middleware
}

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

export interface App {
  readonly listener: Listener
  /** Loads what the hot routes can do without, so that no request has to wait for it. */
  preload(): void
}

/**
 * What serves every request. The hot routes go straight to the pipeline, which spares them a fifth of
 * what a small request costs; everything else passes through Koa, which is loaded when it is first
 * needed. Both are within the same edge.
 */
export function createApp(endpoints: readonly Endpoint[], deps: AppDeps): App {
  const routes = routeTable(endpoints)
  const hot = new RadixDispatcher(
    routes.filter(({ endpoint }) => HOT_ROUTES.has(`${endpoint.method} ${endpoint.path}`)),
  )
  const edge = new Edge(deps)
  let loading: Promise<Listener> | undefined
  const rest = (): Promise<Listener> =>
    (loading ??= import('./koa-app.ts').then(({ koaApp }) => koaApp(routes, edge, deps).callback()))
  return {
    listener(request, response) {
      const exchange = simpleExchange(request, response)
      const match = exchange && hot.find(exchange.method, exchange.path)
      if (exchange !== undefined && match !== undefined) {
        return edge.run(exchange, response, () => serve(exchange, match, deps))
      }
      return rest().then((serveRest) => serveRest(request, response))
    },
    preload() {
      void rest()
    },
  }
}
