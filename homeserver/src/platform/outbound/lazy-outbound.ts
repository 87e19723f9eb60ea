import type { Outbound, OutboundDeps } from './outbound.ts'

/** The guarded client, loaded when something is first fetched: a start does without it. */
export function lazyOutbound(deps: OutboundDeps): Outbound {
  let loading: Promise<Outbound> | undefined
  return {
    async fetch(request) {
      loading ??= import('./outbound.ts').then(({ createOutbound }) => createOutbound(deps))
      return await (await loading).fetch(request)
    },
    async [Symbol.asyncDispose]() {
      await (await loading)?.[Symbol.asyncDispose]()
    },
  }
}
