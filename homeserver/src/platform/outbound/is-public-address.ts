import { BlockList, isIP } from 'node:net'

/** IPv4 networks that are not the public Internet. https://www.iana.org/assignments/iana-ipv4-special-registry */
const PRIVATE_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const

/** Parts of 2000::/3 that are not the public Internet: Teredo, documentation and the like. */
const SPECIAL_V6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['3fff::', 20],
] as const

const privateV4 = new BlockList()
for (const [network, bits] of PRIVATE_V4) privateV4.addSubnet(network, bits, 'ipv4')
const globalV6 = new BlockList()
globalV6.addSubnet('2000::', 3, 'ipv6')
const specialV6 = new BlockList()
for (const [network, bits] of SPECIAL_V6) specialV6.addSubnet(network, bits, 'ipv6')

/**
 * Whether an address belongs to the public Internet. An IPv6 address that carries an IPv4 address
 * (mapped, NAT64, 6to4) is judged by that one: it is where the packets end up.
 * @param address as the resolver gives it; what is no address is not public
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !privateV4.check(address, 'ipv4')
  const groups = isIP(address) === 6 ? groupsOf(address) : undefined
  if (groups === undefined) return false
  const embedded = embeddedV4(groups)
  if (embedded !== undefined) return !privateV4.check(embedded, 'ipv4')
  return globalV6.check(address, 'ipv6') && !specialV6.check(address, 'ipv6')
}

/** The eight numbers of an IPv6 address; undefined for one with a zone, which is never global. */
export function groupsOf(address: string): readonly number[] | undefined {
  if (address.includes('%')) return undefined
  const [head = '', tail] = withoutDots(address).split('::')
  const before = numbersOf(head)
  const after = numbersOf(tail ?? '')
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0)
  return [...before, ...zeros, ...after]
}

const numbersOf = (part: string): number[] =>
  part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))

/** `::1.2.3.4` as `::102:304`. */
function withoutDots(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number)
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  })
}

function embeddedV4(groups: readonly number[]): string | undefined {
  const starts = (...wanted: number[]) => wanted.every((group, index) => groups[index] === group)
  const isMapped = starts(0, 0, 0, 0, 0, 0xff_ff)
  const isNat64 = starts(0x64, 0xff_9b, 0, 0, 0, 0)
  if (isMapped || isNat64) return dotted(groups[6], groups[7])
  return starts(0x20_02) ? dotted(groups[1], groups[2]) : undefined
}

const dotted = (high = 0, low = 0): string =>
  [high >>> 8, high & 255, low >>> 8, low & 255].join('.')
