/** What the supervising process tells a worker. A connection travels with its `connection` message. */
export type ToWorker =
  | { readonly kind: 'start'; readonly databaseUrl: string }
  | { readonly kind: 'connection' }
  | { readonly kind: 'stop' }

/** What a worker tells the process that supervises it. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly setupToken: string | undefined }
  /** It has the connection that was sent first of those it had not taken yet. */
  | { readonly kind: 'taken' }
  /** A connection is closed. */
  | { readonly kind: 'closed' }
  /** It ends by itself and wants no more connections. */
  | { readonly kind: 'draining' }

/** Undefined for a message that is not ours: debuggers and coverage tools use the channel, too. */
export function toWorker(message: unknown): ToWorker | undefined {
  switch (kindOf(message)) {
    case 'start': {
      const databaseUrl = textOf(message, 'databaseUrl')
      return databaseUrl === undefined ? undefined : { kind: 'start', databaseUrl }
    }
    case 'connection':
      return { kind: 'connection' }
    case 'stop':
      return { kind: 'stop' }
    default:
      return undefined
  }
}

/** See {@link toWorker}. */
export function fromWorker(message: unknown): FromWorker | undefined {
  const kind = kindOf(message)
  switch (kind) {
    case 'ready':
      return { kind, setupToken: textOf(message, 'setupToken') }
    case 'taken':
    case 'closed':
    case 'draining':
      return { kind }
    default:
      return undefined
  }
}

function kindOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'kind' in message
    ? message.kind
    : undefined
}

function textOf(message: unknown, name: string): string | undefined {
  if (typeof message !== 'object' || message === null) return undefined
  const value: unknown = Reflect.get(message, name)
  return typeof value === 'string' ? value : undefined
}
