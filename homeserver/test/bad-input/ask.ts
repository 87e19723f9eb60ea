import type { Operation } from '../../../spec-tests/contract/specification.ts'
import type { TestAnswer, TestServer } from '../harness/server.ts'
import { at } from '../harness/user.ts'
import type { Parts } from './row.ts'

/** Sends a request for an operation. */
export function ask(server: TestServer, operation: Operation, parts: Parts): Promise<TestAnswer> {
  return server.request(operation.method, parts.url ?? urlOf(operation, parts), {
    token: parts.token ?? parts.as?.token,
    ...(parts.raw === undefined ? { body: parts.body } : { raw: parts.raw }),
  })
}

/** Status and error code of an answer, as the tables have it. */
export function summary({ status, body }: TestAnswer): string {
  const errcode = at(body, 'errcode')
  return typeof errcode === 'string' ? `${status} ${errcode}` : String(status)
}

/** Path and query of a request. @throws {Error} when a parameter of the path is not given */
export function urlOf(operation: Operation, { path = {}, query = {} }: Parts): string {
  const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = path[name]
    if (value === undefined) throw new Error(`${operation.id}: nothing given for ${name}`)
    return encodeURIComponent(value)
  })
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : (value ?? [])).map((one): [string, string] => [
      name,
      one,
    ]),
  )
  return pairs.length === 0 ? filled : `${filled}?${new URLSearchParams(pairs).toString()}`
}
