import { z } from 'zod'

const range = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])

export const outbound = z
  .strictObject({
    allowed_private_addresses: z
      .array(range)
      .default([])
      .describe(
        'Addresses or ranges inside your network that this server may connect to at the bidding of ' +
          'users, e.g. a push gateway of your own. It may also speak plain HTTP with them.',
      ),
  })
  .prefault({})
  .describe('Requests to hosts that users and other servers name.')
