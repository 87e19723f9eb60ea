import { coldStarts } from '../cold-start.ts'
import { Database } from '../database.ts'
import { fill } from '../fill.ts'
import { pause } from '../loops.ts'
import { CpuMeter, NOTHING, type Result, timing } from '../measurement.ts'
import type { Load } from '../options.ts'
import { rssMb } from '../procfs.ts'
import { round } from '../samples.ts'
import { startHearth, type Subject } from '../subject.ts'
import { holdPolls } from '../held-polls.ts'
import { crowd } from './send.ts'

const CLIENTS = 32
const ROOMS = 50
const SETTLE_SECONDS = 30

/**
 * Memory of a server that has done nothing yet, then with events, then with long polls on top. Of a
 * Hearth a fresh one is taken; another server should have been started a moment ago.
 */
export async function footprint(subject: Subject, load: Load): Promise<Result[]> {
  if (!subject.isOurs) return await grow(subject, load)
  await using fresh = await startHearth()
  return [...(await grow(fresh, load)), await coldStarts(load.starts)]
}

async function grow(subject: Subject, load: Load): Promise<Result[]> {
  const settle = load.settle ?? SETTLE_SECONDS
  await pause(settle * 1000)
  const idle = { ...NOTHING, what: 'idle', n: 1, rss_mb: memory(subject) }
  const results: Result[] = [idle, ...(await withEvents(subject, load))]
  const polls = await holdPolls(subject, load.polls, settle)
  return [...results, polls]
}

async function withEvents(subject: Subject, load: Load): Promise<Result[]> {
  const clients = load.clients?.[0] ?? CLIENTS
  const { users, rooms } = await crowd(subject, clients, ROOMS)
  await using database =
    subject.databaseUrl === undefined ? undefined : await Database.connect(subject.databaseUrl)
  await database?.vacuum()
  const before = await database?.bytes()
  const results: Result[] = []
  let total = 0
  for (const target of load.events.toSorted((a, b) => a - b)) {
    const meter = new CpuMeter(subject.watched())
    const { samples, errors, elapsedMs } = await fill(users, rooms, target - total)
    const cpu = meter.perOperation(samples.count)
    total += samples.count
    const perEvent = async () => {
      const now = await database?.bytes()
      return now === undefined || before === undefined ? null : round((now - before) / total)
    }
    const grown = await perEvent()
    await database?.vacuum()
    results.push({
      ...NOTHING,
      what: `${total} events`,
      clients,
      ...timing(samples, elapsedMs),
      errors,
      ...cpu,
      figures: { db_bytes_per_event: grown, db_bytes_per_event_vacuumed: await perEvent() },
    })
  }
  return results
}

const memory = (subject: Subject): number | null => rssMb(subject.watched().server)
