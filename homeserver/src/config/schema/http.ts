import { z } from 'zod'

const address = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])

export const http = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address to listen on. `0.0.0.0` serves every interface.'),
    port: z
      .int()
      .min(0)
      .max(65535)
      .default(8008)
      .describe('Port to listen on, without TLS: put a TLS proxy in front. 0 takes a free one.'),
    public_baseurl: z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ''))
      .optional()
      .describe(
        'Where clients reach this server, e.g. `https://matrix.example.org`. Told in ' +
          '`.well-known/matrix/client` and used in links. Default: the address it listens on.',
      ),
    keep_alive_s: z
      .int()
      .min(1)
      .default(120)
      .describe("Seconds an idle connection is kept; more than the proxy's own idle time."),
    trusted_proxies: z
      .array(address)
      .default([])
      .describe(
        "Addresses or ranges of proxies whose `X-Forwarded-For` tells the client's address.",
      ),
    access_token_query: z
      .enum(['off', 'all'])
      .default('off')
      .describe(
        'Whether access tokens are taken from the query string (`all`), which puts them into ' +
          "proxies' logs. Only a few old clients and test suites need it.",
      ),
  })
  .prefault({})
  .describe('The listener for clients.')
