import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '#context'
import type { JsonObject } from '#matrix/json.ts'
import { addressKey } from './address-key.ts'
import type { HandlerInput, Requester } from './endpoint.ts'
import type { RequestSignals } from './request-signals.ts'
import type { TrustedProxies } from './trusted-proxies.ts'

type AnyInput = HandlerInput<'optional', unknown, unknown, unknown>

interface Parts {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly source: JsonObject
  readonly rawBody: string
  readonly requester: Requester | undefined
  readonly ip: string
}

interface Exchange {
  readonly message: IncomingMessage
  readonly response: ServerResponse
  readonly signals: RequestSignals
  readonly proxies: TrustedProxies
}

/** What a handler is given; the parts that cost something are made when they are asked for. */
export class HandlerRequest implements AnyInput {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly source: JsonObject
  readonly requester: Requester | undefined
  readonly ctx: Context
  readonly #parts: Parts
  readonly #exchange: Exchange
  #signal: AbortSignal | undefined

  constructor(ctx: Context, parts: Parts, exchange: Exchange) {
    this.params = parts.params
    this.query = parts.query
    this.body = parts.body
    this.source = parts.source
    this.requester = parts.requester
    this.ctx = ctx
    this.#parts = parts
    this.#exchange = exchange
  }

  get signal(): AbortSignal {
    return (this.#signal ??= this.#exchange.signals.of(this.#exchange.response))
  }

  get request(): AnyInput['request'] {
    const { message, proxies } = this.#exchange
    return {
      ip: this.#parts.ip,
      addressKey: addressKey(this.#parts.ip),
      origin: proxies.originOf(message),
      userAgent: message.headers['user-agent'] ?? '',
      url: message.url ?? '/',
      rawBody: this.#parts.rawBody,
    }
  }
}
