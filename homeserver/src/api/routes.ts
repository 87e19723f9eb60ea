import type { Endpoint } from '#http/endpoint.ts'

/** Every endpoint of the server. What is not in here does not exist and answers `M_UNRECOGNIZED`. */
export const routes: readonly Endpoint[] = [
  // accounts, sessions, profiles, filters, capabilities, administration
  // rooms
  // sync, receipts, typing, push rules, account data
]
