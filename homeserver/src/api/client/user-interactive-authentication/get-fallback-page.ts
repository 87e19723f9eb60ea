// GET /_matrix/client/v3/auth/{authType}/fallback/web
// https://spec.matrix.org/v1.19/client-server-api/#fallback
import { endpoint, z } from '#http/endpoint.ts'
import { unrecognized } from '#matrix/errors.ts'
import { STAGE_PAGES } from './stage-pages.ts'

export const getFallbackPage = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/auth/:authType/fallback/web',
  auth: 'none',
  params: z.object({ authType: z.string() }),
  query: z.object({ session: z.string() }),
  handler({ params }) {
    const page = STAGE_PAGES.get(params.authType)
    if (page === undefined) throw unrecognized()
    return Promise.resolve(page)
  },
})
