import { isIP } from 'node:net'
import { invalidParam } from '#matrix/errors.ts'
import type { AddressGuard } from '#platform/outbound/address-guard.ts'

const PATH = '/_matrix/push/v1/notify'

/**
 * Checks where a pusher wants its notifications. What the host's name resolves to is checked when they
 * are sent; plain HTTP then reaches only addresses that the operator has listed.
 * @throws {MatrixError} 400 `M_INVALID_PARAM`
 */
export function checkGatewayUrl(text: string, guard: AddressGuard): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) throw invalidParam('data.url is not a URL.')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && guard.hasListed)) {
    throw invalidParam('data.url must be an HTTPS URL.')
  }
  if (url.pathname !== PATH) throw invalidParam(`The path of data.url must be ${PATH}.`)
  if (url.username !== '' || url.password !== '') {
    throw invalidParam('data.url must not have a password.')
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) !== 0 && !guard.allows(host)) {
    throw invalidParam('data.url is not on the public Internet.')
  }
  return url.href
}
