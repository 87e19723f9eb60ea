/**
 * A request that could not be made or brought no usable answer. Its message is for the log only:
 * telling users or other servers would let them explore the network around this server.
 */
export class OutboundError extends Error {
  /** The address guard or the form of the URL forbids it: repeating it is no use. */
  readonly refused: boolean

  constructor(message: string, options: { readonly refused?: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause })
    this.name = 'OutboundError'
    this.refused = options.refused ?? false
  }
}

export const refusal = (message: string): OutboundError =>
  new OutboundError(message, { refused: true })
