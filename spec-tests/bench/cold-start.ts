import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LeanClient } from './lean-client.ts'
import { pause } from './loops.ts'
import { NOTHING, type Result } from './measurement.ts'
import { Samples } from './samples.ts'
import { ConfiguredServer } from '../target/configured-server.ts'
import { OwnPostgres } from '../target/own-postgres.ts'
import { freePort } from '../target/server.ts'

const INTERVAL_MS = 5

/**
 * From starting `hearth serve` over a running Postgres to its first answer of `/versions`. The
 * first start, which makes the tables and warms the compile cache, does not count.
 */
export async function coldStarts(starts: number): Promise<Result> {
  await using postgres = await OwnPostgres.create()
  const data = mkdtempSync(join(tmpdir(), 'hearth-cold-'))
  const port = await freePort()
  const options = { data, port, databaseUrl: postgres.url() }
  const samples = new Samples()
  try {
    for (let n = 0; n <= starts; n += 1) {
      const started = performance.now()
      const over = new AbortController()
      const starting = ConfiguredServer.start(options).finally(() => over.abort())
      const [server, answered] = await Promise.all([starting, firstAnswer(port, over.signal)])
      if (n > 0) samples.add(answered - started)
      await server.stop()
    }
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 5 })
  }
  return { ...NOTHING, what: 'cold start', n: samples.count, p50: samples.percentile(50) }
}

/** When the server answered first. It does so before it says that it is ready, or as soon. */
async function firstAnswer(port: number, over: AbortSignal): Promise<number> {
  for (;;) {
    const isLast = over.aborted
    const http = new LeanClient(`http://127.0.0.1:${port}`)
    const status = await http.request('GET', '/_matrix/client/versions').then(
      (answer) => answer.status,
      () => 0,
    )
    http.close()
    if (status === 200) return performance.now()
    if (isLast) throw new Error('The server does not answer /versions.')
    await pause(INTERVAL_MS)
  }
}
