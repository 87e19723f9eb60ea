import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '#context'
import type { HandlerInput, Requester } from './endpoint.ts'
import type { RequestSignals } from './request-signals.ts'

type AnyInput = HandlerInput<'optional', unknown, unknown, unknown>

interface Parts {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly rawBody: string
  readonly requester: Requester | undefined
  readonly ip: string
}

/** What a handler is given; the parts that cost something are made when they are asked for. */
export class HandlerRequest implements AnyInput {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly requester: Requester | undefined
  readonly ctx: Context
  readonly #parts: Parts
  readonly #message: IncomingMessage
  readonly #response: ServerResponse
  readonly #signals: RequestSignals
  #signal: AbortSignal | undefined

  constructor(
    ctx: Context,
    parts: Parts,
    exchange: { message: IncomingMessage; response: ServerResponse; signals: RequestSignals },
  ) {
    this.params = parts.params
    this.query = parts.query
    this.body = parts.body
    this.requester = parts.requester
    this.ctx = ctx
    this.#parts = parts
    this.#message = exchange.message
    this.#response = exchange.response
    this.#signals = exchange.signals
  }

  get signal(): AbortSignal {
    return (this.#signal ??= this.#signals.of(this.#response))
  }

  get request(): AnyInput['request'] {
    return {
      ip: this.#parts.ip,
      userAgent: this.#message.headers['user-agent'] ?? '',
      url: this.#message.url ?? '/',
      rawBody: this.#parts.rawBody,
    }
  }
}
