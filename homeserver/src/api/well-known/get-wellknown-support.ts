// GET /.well-known/matrix/support
// https://spec.matrix.org/v1.19/client-server-api/#getwell-knownmatrixsupport
import { endpoint } from '#http/endpoint.ts'
import { notFound } from '#matrix/errors.ts'

export const getWellknownSupport = endpoint({
  method: 'GET',
  path: '/.well-known/matrix/support',
  auth: 'none',
  handler({ ctx }) {
    const { contacts, page } = ctx.config.support
    if (contacts.length === 0 && page === undefined) {
      throw notFound('This server names nobody to ask for help.')
    }
    return Promise.resolve({
      ...(contacts.length > 0 && { contacts }),
      ...(page !== undefined && { support_page: page }),
    })
  },
})
