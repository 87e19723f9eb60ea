import { type Exchange, observe } from './exchange.ts'

let isWatching = false

/**
 * Sees from now on what goes through `fetch`, in whoever's hands: our harness, a test, an SDK. Test
 * files that share a process all ask for it; it is done once.
 */
export function watchFetch(): void {
  if (isWatching) return
  isWatching = true
  const original = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const response = await original(input, init)
    if (response.url.includes('/_matrix/') || response.url.includes('/.well-known/')) {
      const text = await response.clone().text()
      observe({ ...requestOf(input, init), status: response.status, text })
    }
    return response
  }
}

type FetchInput = Parameters<typeof fetch>[0]

function requestOf(
  input: FetchInput,
  init: RequestInit | undefined,
): Pick<Exchange, 'method' | 'origin' | 'path' | 'requestBody'> {
  const asked = input instanceof Request ? input : undefined
  const { origin, pathname, search } = new URL(input instanceof Request ? input.url : input)
  return {
    method: (init?.method ?? asked?.method ?? 'GET').toUpperCase(),
    origin,
    path: pathname + search,
    requestBody: typeof init?.body === 'string' ? init.body : undefined,
  }
}
