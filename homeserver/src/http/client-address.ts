import { BlockList, isIP, isIPv6 } from 'node:net'

/** Tells a request's real address, believing `X-Forwarded-For` only from these proxies. */
export type ClientAddress = (socketAddress: string, forwardedFor: string | undefined) => string

/**
 * @param proxies addresses or CIDR ranges of reverse proxies that set `X-Forwarded-For`
 * @throws {TypeError} for an entry that is neither
 */
export function clientAddress(proxies: readonly string[]): ClientAddress {
  if (proxies.length === 0) return (socketAddress) => plain(socketAddress)
  const trusted = new BlockList()
  for (const proxy of proxies) addProxy(trusted, proxy)
  const isTrusted = (address: string) =>
    isIP(address) !== 0 && trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')

  return (socketAddress, forwardedFor) => {
    const hops = (forwardedFor ?? '').split(',').map((hop) => plain(hop.trim()))
    let address = plain(socketAddress)
    // each proxy vouches for the entry that it appended, which is the last one left
    while (isTrusted(address)) {
      const hop = hops.pop()
      if (hop === undefined || isIP(hop) === 0) break
      address = hop
    }
    return address
  }
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

/**
 * What a limit by address counts: the address, or the /64 of an IPv6 address, since one
 * subscriber has a whole one.
 */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':')
    while (groups.length + after.length < 8) groups.push('0')
    groups.push(...after)
  }
  return groups.slice(0, 4).join(':')
}
