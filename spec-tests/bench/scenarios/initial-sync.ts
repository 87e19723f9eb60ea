import { accountsOfRooms, firstSync } from '../accounts-of-rooms.ts'
import { Failures } from '../loops.ts'
import { CpuMeter, NOTHING, type Result, timing } from '../measurement.ts'
import type { Load } from '../options.ts'
import { Samples } from '../samples.ts'
import type { Subject } from '../subject.ts'
import { at, listAt } from '../../target/json.ts'

/** The first `/sync` of users in many rooms; each user asks once, so nothing is cached for them. */
export async function initialSync(subject: Subject, load: Load): Promise<Result[]> {
  // the first one warms up
  const { users, rooms } = await accountsOfRooms(subject, load.rooms, load.samples + 1)
  const [warmUp, ...measured] = users
  if (warmUp !== undefined) await firstSync(warmUp)

  const samples = new Samples()
  const failures = new Failures()
  let lost = 0
  const meter = new CpuMeter(subject.watched())
  for (const user of measured) {
    const asked = performance.now()
    try {
      const body = await firstSync(user)
      samples.add(performance.now() - asked)
      lost += rooms.filter((room) => !hasMessage(body, room)).length
    } catch (error) {
      failures.add(error)
    }
  }
  const result = {
    ...NOTHING,
    what: `${load.rooms} rooms`,
    clients: 1,
    ...timing(samples, 0),
    errors: failures.count,
    lost,
    ...meter.perOperation(samples.count),
  }
  return [result]
}

const hasMessage = (body: unknown, room: string): boolean =>
  listAt(body, 'rooms', 'join', room, 'timeline', 'events').some(
    (event) => at(event, 'type') === 'm.room.message',
  )
