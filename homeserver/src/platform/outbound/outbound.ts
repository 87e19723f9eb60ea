import { isIP } from 'node:net'
import { Agent, request, type Dispatcher } from 'undici'
import type { AddressGuard } from './address-guard.ts'
import { guardedLookup, systemResolve, type Resolve } from './guarded-lookup.ts'
import { OutboundError, refusal } from './outbound-error.ts'

export interface OutboundRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** For the whole exchange, redirects included, in milliseconds. */
  readonly timeoutMs: number
  /** Of the answer's body. */
  readonly maxBytes: number
  /** How many redirects are followed; without any, the answer may be one. Default 0. */
  readonly maxHops?: number
  /** Whether plain HTTP is fine. By default only where the operator has listed the address. */
  readonly plainHttp?: boolean
  readonly signal?: AbortSignal
}

export interface OutboundResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
  /** Where the answer came from, after redirects. */
  readonly url: string
}

/** Requests to hosts that others have named. */
export interface Outbound extends AsyncDisposable {
  /**
   * One request. Whether a host may be reached is checked on the addresses its name has when the
   * connection is made, at each redirect anew.
   * @throws {OutboundError} for everything that is no answer: refused, unreachable, too slow, too big
   */
  fetch(request: OutboundRequest): Promise<OutboundResponse>
}

export interface OutboundDeps {
  readonly guard: AddressGuard
  /** How names are resolved; as the operating system does unless given. */
  readonly resolve?: Resolve
}

const CONNECT_TIMEOUT_MS = 10_000
const CONNECTIONS_PER_ORIGIN = 16
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const PRIVATE_HEADERS: ReadonlySet<string> = new Set(['authorization', 'cookie'])

/** Makes the guarded client; one for each worker. */
export function createOutbound({ guard, resolve = systemResolve }: OutboundDeps): Outbound {
  const agentFor = (allows: (address: string) => boolean) =>
    new Agent({
      allowH2: false,
      connections: CONNECTIONS_PER_ORIGIN,
      connect: { lookup: guardedLookup(resolve, allows), timeout: CONNECT_TIMEOUT_MS },
    })
  const allowed = agentFor((address) => guard.allows(address))
  const listed = agentFor((address) => guard.isListed(address))

  /** The agent for a URL. An address in place of a name is never looked up, so it is checked here. */
  function agentOf(url: URL, plainHttp: boolean): Agent {
    if (url.protocol !== 'https:' && url.protocol !== 'http:') {
      throw refusal(`${url.protocol} is not spoken`)
    }
    if (url.username !== '' || url.password !== '') throw refusal('the URL has a password')
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
    const onlyListed = url.protocol === 'http:' && !plainHttp
    const passes = onlyListed ? guard.isListed(host) : guard.allows(host)
    if (isIP(host) !== 0 && !passes) throw refusal(`${host} must not be connected to`)
    return onlyListed ? listed : allowed
  }

  async function follow(first: OutboundRequest, signal: AbortSignal): Promise<OutboundResponse> {
    let step = { ...first, url: new URL(first.url) }
    for (let hops = first.maxHops ?? 0; ; hops--) {
      const agent = agentOf(step.url, first.plainHttp ?? false)
      const answer = await exchange(step, agent, signal)
      const target = answer.headers['location']
      const redirected = REDIRECTS.has(answer.status) && typeof target === 'string'
      if (!redirected || (first.maxHops ?? 0) === 0) return answer
      if (hops === 0) throw new OutboundError('too many redirects', {})
      step = redirect(step, new URL(target, step.url), answer.status)
    }
  }

  return {
    async fetch(first) {
      const timeout = AbortSignal.timeout(first.timeoutMs)
      const signal = first.signal ? AbortSignal.any([first.signal, timeout]) : timeout
      try {
        return await follow(first, signal)
      } catch (error) {
        if (error instanceof OutboundError) throw error
        throw new OutboundError(`no answer from ${hostOf(first.url)}`, { cause: error })
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([allowed.destroy(), listed.destroy()])
    },
  }
}

type Step = Omit<OutboundRequest, 'url'> & { readonly url: URL }

async function exchange(
  { url, method, headers, body, maxBytes }: Step,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<OutboundResponse> {
  const answer = await request(url, {
    method,
    dispatcher,
    signal,
    ...(headers && { headers }),
    ...(body !== undefined && { body }),
  })
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: await readBody(answer.body, maxBytes),
    url: url.href,
  }
}

/** Leaving the loop ends the connection, so that no more than the limit is ever taken in. */
async function readBody(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxBytes) throw new OutboundError('the answer is too big', {})
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** What a browser would send to the new place. */
function redirect(step: Step, url: URL, status: number): Step {
  const keepsMethod = status === 307 || status === 308 || step.method === 'GET'
  const { body, headers = {}, ...rest } = step
  const kept = Object.entries(headers).filter(
    ([name]) => url.origin === step.url.origin || !PRIVATE_HEADERS.has(name.toLowerCase()),
  )
  return {
    ...rest,
    url,
    headers: Object.fromEntries(kept),
    ...(keepsMethod ? { ...(body !== undefined && { body }) } : { method: 'GET' as const }),
  }
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'no URL')
