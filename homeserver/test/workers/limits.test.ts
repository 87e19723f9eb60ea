import { expect, test } from 'vitest'
import { parseConfig } from '#config/load.ts'
import { choosePolicies } from '#policies/policies.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

const CONFIG = `
server_name: test.example
rate_limits:
  rc_message:
    per_second: 0.01
    burst_count: 10
`

/** The limiter of one worker; each counts by itself. */
const limiter = (workers: string) =>
  choosePolicies(parseConfig(`${CONFIG}${workers}`), {}).policies.limiter

test.each(['workers: 2', 'workers_total: 2', 'workers: 1\nworkers_total: 2'])(
  'with %j two workers together grant the limit',
  async (workers) => {
    await using one = await startTestServer({ policies: { limiter: limiter(workers) } })
    await using two = await startTestServer({
      policies: { limiter: limiter(workers) },
      databaseUrl: one.databaseUrl,
    })
    const alice = await one.user('alice')
    const room = await alice.createRoom()
    const send = async (server: TestServer, n: number) => {
      const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${n}`
      const body = { msgtype: 'm.text', body: 'again' }
      return (await server.request('PUT', path, { token: alice.token, body })).status
    }
    const statuses: number[] = []
    for (let n = 0; n < 16; n += 1) statuses.push(await send(n % 2 === 0 ? one : two, n))
    expect(statuses.filter((status) => status === 200)).toHaveLength(10)
    expect(new Set(statuses)).toEqual(new Set([200, 429]))
  },
)
