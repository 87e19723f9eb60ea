import { BlockList, isIP } from 'node:net'
import { isPublicAddress } from './is-public-address.ts'

/** To which addresses this server connects at the bidding of users and other servers. */
export interface AddressGuard {
  allows(address: string): boolean
  /** Whether the operator has named the address: it may be spoken to without TLS, too. */
  isListed(address: string): boolean
  /** False when no address is listed, so that plain HTTP reaches nothing. */
  readonly hasListed: boolean
}

/**
 * Allows the public Internet and what the operator has listed.
 * @param listed addresses or CIDR ranges
 */
export function addressGuard(listed: readonly string[]): AddressGuard {
  const list = new BlockList()
  for (const entry of listed) addEntry(list, entry)
  const isListed = (address: string): boolean =>
    isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return {
    isListed,
    allows: (address) => isPublicAddress(address) || isListed(address),
    hasListed: listed.length > 0,
  }
}

/** For tests: every private address counts as listed. */
export const ANY_ADDRESS: AddressGuard = {
  allows: (address) => isIP(address) !== 0,
  isListed: (address) => isIP(address) !== 0 && !isPublicAddress(address),
  hasListed: true,
}

function addEntry(list: BlockList, entry: string): void {
  const [address = '', bits] = entry.split('/')
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (bits === undefined) list.addAddress(address, family)
  else list.addSubnet(address, Number(bits), family)
}
