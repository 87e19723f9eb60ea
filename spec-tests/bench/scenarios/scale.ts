import type { Result } from '../measurement.ts'
import type { Load } from '../options.ts'
import { round } from '../samples.ts'
import { startHearth, type Subject } from '../subject.ts'
import { sendInto } from './send.ts'

const CLIENTS = 32
const ROOMS = 50

/**
 * The same load on a Hearth with few and with more workers. `rate_ratio` compares with the first
 * of them.
 * @throws {Error} for a server that this run has not started
 */
export async function scale(subject: Subject, load: Load): Promise<Result[]> {
  if (!subject.isOurs) throw new Error('scale starts Hearth itself: use it without --url.')
  const results: Result[] = []
  for (const workers of load.workers) {
    await using hearth = await startHearth(['--workers', String(workers)])
    const result = await sendInto(ROOMS, hearth, load, load.clients?.[0] ?? CLIENTS)
    const ratio = (result.rate ?? 0) / (results[0]?.rate ?? result.rate ?? 1)
    const what = workers === 1 ? '1 worker' : `${workers} workers`
    results.push({ ...result, what, figures: { rate_ratio: round(ratio) } })
  }
  return results
}
