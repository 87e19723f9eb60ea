/**
 * The operations that make up nearly all traffic. They are found by the radix dispatcher; the
 * rest goes through the router, which tries every route (90 µs with 250 of them).
 */
export const HOT_ROUTES: ReadonlySet<string> = new Set([
  'GET /_matrix/client/v3/sync',
  'PUT /_matrix/client/v3/rooms/:roomId/send/:eventType/:txnId',
  'PUT /_matrix/client/v3/sendToDevice/:eventType/:txnId',
  'PUT /_matrix/client/v3/rooms/:roomId/typing/:userId',
  'POST /_matrix/client/v3/rooms/:roomId/receipt/:receiptType/:eventId',
  'POST /_matrix/client/v3/rooms/:roomId/read_markers',
  'GET /_matrix/client/v3/rooms/:roomId/messages',
  'GET /_matrix/client/v3/rooms/:roomId/event/:eventId',
  'GET /_matrix/client/v3/rooms/:roomId/members',
  'PUT /_matrix/client/v3/rooms/:roomId/state/:eventType{/:stateKey}',
  'GET /_matrix/client/v3/rooms/:roomId/state/:eventType{/:stateKey}',
  'GET /_matrix/client/v3/profile/:userId',
  'GET /_matrix/client/v3/account/whoami',
  'GET /_matrix/client/versions',
])
