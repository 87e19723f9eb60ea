import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { refusal } from './outbound-error.ts'

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>

/** As the operating system resolves names. */
export const systemResolve: Resolve = (host) =>
  new Promise((resolve, reject) => {
    lookup(host, { all: true }, (error, addresses) => {
      if (error === null) resolve(addresses)
      else reject(error)
    })
  })

/**
 * A look-up for sockets that hands on only addresses that were checked: what is connected to cannot
 * be another one, as it could if the name were resolved again. One forbidden address is enough to
 * refuse the name.
 */
export function guardedLookup(
  resolve: Resolve,
  allows: (address: string) => boolean,
): LookupFunction {
  return (host, options, callback) => {
    const fail = (error: Error) => callback(error, [])
    resolve(host)
      .then((addresses) => {
        const [first] = addresses
        if (first === undefined || !addresses.every(({ address }) => allows(address))) {
          return fail(refusal(`${host} has an address that must not be connected to`))
        }
        return options.all === true
          ? callback(null, [...addresses])
          : callback(null, first.address, first.family)
      })
      .catch(fail)
  }
}
