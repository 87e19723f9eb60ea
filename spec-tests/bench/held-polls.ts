import { Failures, inParallel, pause } from './loops.ts'
import { NOTHING, type Result } from './measurement.ts'
import { rssMb } from './procfs.ts'
import { Samples } from './samples.ts'
import type { Subject } from './subject.ts'
import { at, listAt, stringAt } from '../target/json.ts'
import type { User } from '../target/user.ts'

const AT_ONCE = 8
const TIMEOUT_MS = 300_000
const FILTER = JSON.stringify({ room: { timeline: { limit: 20 } } })

/**
 * So many users wait in `/sync`, each over a connection of its own; the memory is read while they
 * do. Then one message wakes them all.
 */
export async function holdPolls(
  subject: Subject,
  count: number,
  settleSeconds: number,
): Promise<Result> {
  const owner = await subject.user('waker')
  const room = await owner.createRoom({ preset: 'public_chat' })
  const users = await inParallel(count, AT_ONCE, () => subject.user('waiting'))
  await inParallel(count, AT_ONCE, async (n) => users[n]?.join(room))
  const tokens = await inParallel(count, AT_ONCE, (n) => tokenOf(users[n]))

  const failures = new Failures()
  const samples = new Samples()
  let sentAt = 0
  let lost = 0
  const waiting = users.map(async (user, n) => {
    try {
      const heard = await hears(user, tokens[n] ?? '', room)
      if (heard) samples.add(performance.now() - sentAt)
      else lost += 1
    } catch (error) {
      failures.add(error)
    }
  })
  await pause(Math.min(settleSeconds, 5) * 1000)
  const held = rssMb(subject.watched().server)
  sentAt = performance.now()
  await owner.sendText(room, 'wake up')
  await Promise.all(waiting)
  return {
    ...NOTHING,
    what: `${count} long polls`,
    clients: count,
    n: samples.count,
    p50: samples.percentile(50),
    p99: samples.percentile(99),
    errors: failures.count,
    lost,
    rss_mb: held,
  }
}

async function tokenOf(user: User | undefined): Promise<string> {
  return stringAt(await user?.sync({ timeout: '0', filter: FILTER }), 'next_batch')
}

/** Polls until there is a message; other news, such as of presence, wake it too. */
async function hears(user: User, from: string, room: string): Promise<boolean> {
  const deadline = performance.now() + TIMEOUT_MS
  for (let since = from; performance.now() < deadline;) {
    const body = await user.sync({ since, timeout: String(TIMEOUT_MS), filter: FILTER })
    const events = listAt(body, 'rooms', 'join', room, 'timeline', 'events')
    if (events.some((event) => at(event, 'content', 'body') === 'wake up')) return true
    since = stringAt(body, 'next_batch')
  }
  return false
}
