// GET /.well-known/matrix/client
// https://spec.matrix.org/v1.19/client-server-api/#getwell-knownmatrixclient
import { endpoint } from '#http/endpoint.ts'
import { notFound } from '#matrix/errors.ts'

export const getWellknown = endpoint({
  method: 'GET',
  path: '/.well-known/matrix/client',
  auth: 'none',
  handler({ ctx, request }) {
    const baseUrl = ctx.config.http.public_baseurl ?? request.origin
    if (baseUrl === undefined) throw notFound('The base URL is not known.')
    return Promise.resolve({ 'm.homeserver': { base_url: baseUrl } })
  },
})
