/**
 * Sent with every reply of the API, errors and well-known documents included: without them a
 * browser shows the page an opaque failure.
 * https://spec.matrix.org/v1.19/client-server-api/#web-browser-clients
 */
export const CORS_HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, DELETE, OPTIONS',
  'Access-Control-Allow-Headers':
    'Authorization, Content-Type, X-Requested-With, If-Match, If-None-Match',
  'Access-Control-Expose-Headers': 'ETag, Retry-After',
} as const

/** For OPTIONS only: how long a browser may remember the answer, in seconds. */
export const PREFLIGHT_HEADERS = { ...CORS_HEADERS, 'Access-Control-Max-Age': '86400' } as const
