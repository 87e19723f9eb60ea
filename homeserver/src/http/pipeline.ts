import type { IncomingMessage } from 'node:http'
import type { Context } from '#context'
import { badJson, notJson } from '#matrix/errors.ts'
import { isJsonObject, type JsonObject } from '#matrix/json.ts'
import type { RateLimiter } from '#policies/rate-limiter.ts'
import { requesterOf, type AuthGuardDeps } from './auth-guard.ts'
import { DEFAULT_BODY_LIMIT, parseBody, readBody } from './body-reader.ts'
import { addressKey } from './address-key.ts'
import { decodeParams } from './decode-path.ts'
import type { Endpoint } from './endpoint.ts'
import type { Exchange } from './exchange.ts'
import { HandlerRequest } from './handler-request.ts'
import { checkedQuery } from './query.ts'
import { toReply, type WriteReply } from './reply.ts'
import type { RequestSignals } from './request-signals.ts'
import type { RouteMatch } from './route-table.ts'
import type { TrustedProxies } from './trusted-proxies.ts'
import { validate } from './validate.ts'

export interface PipelineDeps extends AuthGuardDeps {
  readonly ctx: Context
  readonly limiter: RateLimiter
  readonly proxies: TrustedProxies
  readonly signals: RequestSignals
  readonly writeReply: WriteReply
}

/** A body as text and as parsed object. */
interface ObjectBody {
  readonly raw: string
  readonly value: JsonObject
}

/**
 * Serves a matched request: authentication, rate limit, path, query, body, handler, answer.
 * @throws whatever should become an error answer
 */
export async function serve(
  exchange: Exchange,
  match: RouteMatch,
  deps: PipelineDeps,
): Promise<void> {
  const { endpoint } = match
  const { request: message, response, querystring } = exchange
  const requester = await requesterOf(endpoint, message, querystring, deps)
  const ip = deps.proxies.addressOf(message)
  if (requester !== undefined) deps.seen(requester, ip, message.headers['user-agent'] ?? '')
  if (endpoint.rateLimit !== undefined) {
    await deps.limiter.consume(endpoint.rateLimit, requester?.userId ?? addressKey(ip))
  }
  const decoded = decodeParams(match.names, match.captures)
  const params = endpoint.params ? validate(endpoint.params, decoded, 'path') : decoded
  const query = checkedQuery(endpoint, querystring)
  const body = await bodyOf(endpoint, message)
  const input = new HandlerRequest(
    deps.ctx,
    {
      params,
      query,
      body: endpoint.body && validate(endpoint.body, body.value, 'body'),
      source: body.value,
      rawBody: body.raw,
      requester,
      ip,
    },
    { message, response, signals: deps.signals, proxies: deps.proxies },
  )
  deps.writeReply(response, toReply(await endpoint.handler(input)))
}

async function bodyOf(endpoint: Endpoint, message: IncomingMessage): Promise<ObjectBody> {
  if (endpoint.body === undefined) return { raw: '', value: {} }
  const bytes = await readBody(message, endpoint.maxBodyBytes ?? DEFAULT_BODY_LIMIT)
  if (bytes.length === 0) {
    if (endpoint.optionalBody === true) return { raw: '', value: {} }
    throw notJson('The request body is empty.')
  }
  const { raw, value } = parseBody(bytes)
  if (!isJsonObject(value)) throw badJson('The request body is not a JSON object.')
  return { raw, value }
}
