import { Failure } from '#lib/errors.ts'

const TIMEOUT_MS = 10_000

/** `example.org`, `https://example.org/` and `localhost:8008` as a base URL without a slash. */
export function normaliseHomeserverInput(input: string): string | undefined {
  const text = input.trim()
  if (text === '') return undefined
  const local = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::|\/|$)/u.test(text)
  const withScheme = /^https?:\/\//iu.test(text) ? text : `${local ? 'http' : 'https'}://${text}`
  const url = URL.parse(withScheme)
  if (url === null || url.hostname === '') return undefined
  return `${url.origin}${url.pathname}`.replace(/\/+$/u, '')
}

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  return response.ok ? await response.json() : undefined
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return new Map<string, unknown>(Object.entries(value)).get(name)
}

async function wellKnownBaseUrl(origin: string): Promise<string | undefined> {
  try {
    const body = await getJson(`${origin}/.well-known/matrix/client`)
    const baseUrl = field(field(body, 'm.homeserver'), 'base_url')
    return typeof baseUrl === 'string' ? normaliseHomeserverInput(baseUrl) : undefined
  } catch {
    return undefined
  }
}

async function answersVersions(baseUrl: string): Promise<boolean> {
  return Array.isArray(field(await getJson(`${baseUrl}/_matrix/client/versions`), 'versions'))
}

/**
 * Finds the homeserver behind what a person typed. The page's own origin is taken as it is, since
 * the page could not have come from elsewhere.
 * https://spec.matrix.org/v1.19/client-server-api/#server-discovery
 *
 * @throws Failure `not-a-homeserver` or `network`
 */
export async function findHomeserver(input: string, ownOrigin: string): Promise<string> {
  const typed = normaliseHomeserverInput(input)
  if (typed === undefined) throw new Failure('not-a-homeserver')
  if (typed === ownOrigin) return typed
  const baseUrl = (await wellKnownBaseUrl(typed)) ?? typed
  try {
    if (await answersVersions(baseUrl)) return baseUrl
  } catch (error) {
    if (error instanceof SyntaxError) throw new Failure('not-a-homeserver')
    throw new Failure('network')
  }
  throw new Failure('not-a-homeserver')
}
