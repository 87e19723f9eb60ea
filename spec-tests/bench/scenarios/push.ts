import { inParallel } from '../loops.ts'
import { CpuMeter, NOTHING, type Result, timing } from '../measurement.ts'
import type { Load } from '../options.ts'
import { round, Samples } from '../samples.ts'
import type { Subject } from '../subject.ts'
import { expectOk, type User } from '../../target/user.ts'

const AT_ONCE = 8
/** Every so many members have a keyword of their own, which is looked for in each message. */
const KEYWORD_EVERY = 10
const WARM_UP = 100

/**
 * One message after another into a room of one member and into one of many, for each of whom the
 * message goes through their push rules: what does a message cost more there?
 */
export async function push(subject: Subject, load: Load): Promise<Result[]> {
  const sender = await subject.user('sender')
  const alone = await measure(subject, sender, await sender.createRoom(), load, 'alone')
  const many = await measure(subject, sender, await fullRoom(subject, sender, load), load, 'many')
  const added = (many.hs_cpu_us ?? 0) - (alone.hs_cpu_us ?? 0)
  const figures = { added_ms: round((many.p50 ?? 0) - (alone.p50 ?? 0)), added_cpu_us: added }
  return [alone, { ...many, what: `${load.members} members`, figures }]
}

async function fullRoom(subject: Subject, sender: User, { members }: Load): Promise<string> {
  const room = await sender.createRoom({ preset: 'public_chat' })
  await inParallel(members - 1, AT_ONCE, async (n) => {
    const user = await subject.user('member')
    await user.join(room)
    if (n % KEYWORD_EVERY === 0) await setKeyword(user, `keyword${n}`)
  })
  return room
}

async function setKeyword(user: User, pattern: string): Promise<void> {
  const path = `/_matrix/client/v3/pushrules/global/content/${pattern}`
  const actions = ['notify', { set_tweak: 'highlight' }]
  expectOk(await user.call('PUT', path, { pattern, actions }))
}

async function measure(
  subject: Subject,
  sender: User,
  room: string,
  { atLeast }: Load,
  what: string,
): Promise<Result> {
  for (let n = 0; n < WARM_UP; n += 1) await sender.sendText(room, `A message before, number ${n}`)
  const samples = new Samples()
  const meter = new CpuMeter(subject.watched())
  const started = performance.now()
  for (let n = 0; n < atLeast; n += 1) {
    const asked = performance.now()
    await sender.sendText(room, `A message that has no keyword, number ${n}`)
    samples.add(performance.now() - asked)
  }
  const elapsed = performance.now() - started
  return {
    ...NOTHING,
    what,
    clients: 1,
    ...timing(samples, elapsed),
    ...meter.perOperation(samples.count),
  }
}
