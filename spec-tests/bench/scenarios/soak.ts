import { Database } from '../database.ts'
import { inParallel, pause } from '../loops.ts'
import { CpuMeter, NOTHING, type Result, timing } from '../measurement.ts'
import type { Load } from '../options.ts'
import { Samples } from '../samples.ts'
import { SoakReader, type Expected } from '../soak-reader.ts'
import { SoakSender } from '../soak-sender.ts'
import type { Subject } from '../subject.ts'
import { crowd } from './send.ts'

const CLIENTS = 8
const ROOMS = 10
const WINDOWS = 10
const GRACE_MS = 30_000

/**
 * A steady rate of messages, all of which every client also reads by long polls. One result for
 * each tenth of the time: memory, p99 and extremities of the last are to be those of the first.
 */
export async function soak(subject: Subject, load: Load): Promise<Result[]> {
  const clients = load.clients?.[0] ?? CLIENTS
  const { users, rooms } = await crowd(subject, clients, ROOMS)
  await using database =
    subject.databaseUrl === undefined ? undefined : await Database.connect(subject.databaseUrl)
  const readers = await inParallel(users.length, users.length, (n) => SoakReader.start(users[n]))
  const senders = users.map((user, n) => new SoakSender(user, n, rooms, load.rate / clients))

  const results: Result[] = []
  const windowMs = (load.minutes * 60_000) / WINDOWS
  const sending = senders.map((sender) => sender.run())
  for (let window = 1; window <= WINDOWS; window += 1) {
    const samples = new Samples()
    for (const sender of senders) sender.samples = samples
    const meter = new CpuMeter(subject.watched())
    const started = performance.now()
    await pause(windowMs)
    results.push({
      ...NOTHING,
      what: `${window * WINDOWS} % of ${load.minutes} minutes`,
      clients,
      ...timing(samples, performance.now() - started),
      ...meter.perOperation(samples.count),
      figures: { extremities: (await database?.extremities()) ?? null },
    })
  }
  for (const sender of senders) sender.stop()
  await Promise.all(sending)
  const expected = senders.flatMap((sender) => sender.expected())
  await Promise.all(readers.map((reader) => reader.caughtUp(expected, GRACE_MS)))
  const ended = readers.map((reader) => reader.stop())
  // ends the polls that are under way
  await users[0]?.sendText(rooms[0] ?? '', 'end')
  await Promise.all(ended)
  return [...results, total(clients, senders, readers, expected)]
}

function total(
  clients: number,
  senders: readonly SoakSender[],
  readers: readonly SoakReader[],
  expected: readonly Expected[],
): Result {
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
  return {
    ...NOTHING,
    what: 'deliveries',
    clients,
    n: sum(expected.map(({ last }) => last)) * readers.length,
    errors: sum(senders.map(({ errors }) => errors)) + sum(readers.map(({ errors }) => errors)),
    lost: sum(readers.map((reader) => reader.missing(expected))),
    duplicates: sum(readers.map(({ duplicates }) => duplicates)),
  }
}
