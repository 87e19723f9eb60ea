import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'
import { isServerName } from '#matrix/ids.ts'

/** Tells where requests come from, believing `X-Forwarded-*` only from the configured proxies. */
export class TrustedProxies {
  readonly #trusted = new BlockList()
  readonly #any: boolean

  /**
   * @param proxies addresses or CIDR ranges of reverse proxies
   * @throws {TypeError} for an entry that is neither
   */
  constructor(proxies: readonly string[]) {
    this.#any = proxies.length > 0
    for (const proxy of proxies) addProxy(this.#trusted, proxy)
  }

  /** The client's address. */
  addressOf(request: IncomingMessage): string {
    let address = plain(request.socket.remoteAddress ?? '')
    if (!this.#any) return address
    const hops = headerText(request, 'x-forwarded-for')
      .split(',')
      .map((hop) => plain(hop.trim()))
    // each proxy vouches for the entry that it appended, which is the last one left
    while (this.#trusts(address)) {
      const hop = hops.pop()
      if (hop === undefined || isIP(hop) === 0) break
      address = hop
    }
    return address
  }

  /** Scheme, host and port under which the client reached this server. */
  originOf(request: IncomingMessage): string | undefined {
    const { host } = request.headers
    if (host === undefined || !isServerName(host)) return undefined
    const proxied = this.#any && this.#trusts(plain(request.socket.remoteAddress ?? ''))
    const secure = proxied && headerText(request, 'x-forwarded-proto') === 'https'
    return `${secure ? 'https' : 'http'}://${host}`
  }

  #trusts(address: string): boolean {
    return isIP(address) !== 0 && this.#trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
  }
}

function headerText(request: IncomingMessage, name: string): string {
  const header = request.headers[name]
  return Array.isArray(header) ? header.join(',') : (header ?? '')
}

function addProxy(list: BlockList, proxy: string): void {
  const [address = '', bits] = proxy.split('/')
  const family = isIP(address)
  if (family === 0) throw new TypeError(`Not an address or range: ${proxy}`)
  const type = family === 6 ? 'ipv6' : 'ipv4'
  if (bits === undefined) list.addAddress(address, type)
  else list.addSubnet(address, Number(bits), type)
}

/** An IPv4 address that came over an IPv6 socket, without its prefix. */
function plain(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}
