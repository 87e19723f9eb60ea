import type { IncomingMessage, ServerResponse } from 'node:http'

/** A request and the answer to it, as Node gives them, with the parts of the URL. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly method: string
  /** As it came, not decoded. */
  readonly path: string
  /** What stands behind the first `?`, '' without one. */
  readonly querystring: string
}

/** Undefined for a target that is not simply path and query, such as the absolute form for proxies. */
export function simpleExchange(
  request: IncomingMessage,
  response: ServerResponse,
): Exchange | undefined {
  const { method, url } = request
  if (method === undefined || url === undefined || !url.startsWith('/') || url.includes('#')) {
    return undefined
  }
  const mark = url.indexOf('?')
  return {
    request,
    response,
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    querystring: mark < 0 ? '' : url.slice(mark + 1),
  }
}
