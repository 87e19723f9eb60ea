import { endpoint, Reply, type Endpoint } from './endpoint.ts'

/** What the parts of the server say of themselves; `undefined` is well, a text what is wrong. */
export type HealthCheck = () => Promise<Readonly<Record<string, string | undefined>>>

/** GET /health: 200 while everything works, 503 with the reasons otherwise or while it stops. */
export function healthEndpoint(deps: {
  readonly check: HealthCheck
  readonly isDraining: () => boolean
}): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/health',
    auth: 'none',
    async handler() {
      const parts = await deps.check()
      const problems = Object.fromEntries(
        Object.entries(parts).filter(([, problem]) => problem !== undefined),
      )
      if (deps.isDraining()) return new Reply(503, { status: 'draining', problems })
      const well = Object.keys(problems).length === 0
      return new Reply(well ? 200 : 503, { status: well ? 'ok' : 'failing', problems })
    },
  })
}
