import type { ParameterizedContext } from 'koa'
import type { Context } from '#context'
import { badJson, notJson } from '#matrix/errors.ts'
import { isJsonObject } from '#matrix/json.ts'
import type { RateLimiter } from '#policies/rate-limiter.ts'
import { requesterOf, type AuthGuardDeps } from './auth-guard.ts'
import { DEFAULT_BODY_LIMIT, parseBody, readBody, type JsonBody } from './body-reader.ts'
import { addressKey, type ClientAddress } from './client-address.ts'
import { decodeParams } from './decode-path.ts'
import type { Endpoint } from './endpoint.ts'
import { HandlerRequest } from './handler-request.ts'
import { checkedQuery } from './query.ts'
import { toReply, writeReply } from './reply.ts'
import type { RequestSignals } from './request-signals.ts'
import type { RouteMatch } from './route-table.ts'
import { validate } from './validate.ts'

export interface PipelineDeps extends AuthGuardDeps {
  readonly ctx: Context
  readonly limiter: RateLimiter
  readonly clientAddress: ClientAddress
  readonly signals: RequestSignals
}

const NO_BODY: JsonBody = { raw: '', value: undefined }

/**
 * Serves a matched request: authentication, rate limit, path, query, body, handler, answer.
 * @throws whatever should become an error answer
 */
export async function serve(
  koa: ParameterizedContext,
  match: RouteMatch,
  deps: PipelineDeps,
): Promise<void> {
  const { endpoint } = match
  const requester = await requesterOf(endpoint.auth, koa.req, () => koa.query, deps)
  const ip = deps.clientAddress(koa.req.socket.remoteAddress ?? '', forwardedFor(koa))
  if (endpoint.rateLimit !== undefined) {
    await deps.limiter.consume(endpoint.rateLimit, requester?.userId ?? addressKey(ip))
  }
  const decoded = decodeParams(match.names, match.captures)
  const params = endpoint.params ? validate(endpoint.params, decoded, 'path') : decoded
  const query = checkedQuery(endpoint, koa)
  const body = await bodyOf(endpoint, koa)
  const input = new HandlerRequest(
    deps.ctx,
    {
      params,
      query,
      body: endpoint.body && validate(endpoint.body, body.value, 'body'),
      rawBody: body.raw,
      requester,
      ip,
    },
    { message: koa.req, response: koa.res, signals: deps.signals },
  )
  const reply = toReply(await endpoint.handler(input))
  koa.respond = false
  writeReply(koa.res, reply)
}

function forwardedFor(koa: ParameterizedContext): string | undefined {
  const header = koa.req.headers['x-forwarded-for']
  return Array.isArray(header) ? header.join(',') : header
}

async function bodyOf(endpoint: Endpoint, koa: ParameterizedContext): Promise<JsonBody> {
  if (endpoint.body === undefined) return NO_BODY
  const bytes = await readBody(koa.req, endpoint.maxBodyBytes ?? DEFAULT_BODY_LIMIT)
  if (bytes.length === 0) {
    if (endpoint.optionalBody === true) return { raw: '', value: {} }
    throw notJson('The request body is empty.')
  }
  const body = parseBody(bytes)
  if (!isJsonObject(body.value)) throw badJson('The request body is not a JSON object.')
  return body
}
