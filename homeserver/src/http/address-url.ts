/**
 * Where a listener is reached from this machine. IPv6 addresses stand in brackets; "every
 * interface" is no place to go to.
 */
export function addressUrl({ address, port }: { address: string; port: number }): string {
  return `http://${hostOf(address)}:${port}`
}

function hostOf(address: string): string {
  if (address === '0.0.0.0' || address === '::') return 'localhost'
  return address.includes(':') ? `[${address}]` : address
}
