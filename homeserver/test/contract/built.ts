import { routes } from '#api/routes.ts'
import { type Operation, routeKey } from '../../../spec-tests/contract/specification.ts'
import { UNIMPLEMENTED } from './unimplemented.ts'

const keys = new Set(routes.map((route) => routeKey(route.method, route.path)))

/** Whether an operation has a route; one that shares its route with another may be the one left out. */
export function isBuilt({ id, method, path }: Operation): boolean {
  return !UNIMPLEMENTED.has(id) && keys.has(routeKey(method, path))
}
