import { CpuMeter, type Measurement, timing, type Watched } from '../measurement.ts'
import { Samples } from '../samples.ts'
import { register } from '../../target/user.ts'
import { stringAt } from '../../target/json.ts'
import type { Http } from '../../target/matrix-client.ts'

const REQUESTS = 400
const AT_ONCE = 4

/** A user in many rooms asks again with the same token, `timeout=0`, four requests at a time. */
export async function idleSync(
  http: Http,
  watched: Watched,
  options: { run: string; rooms: number },
): Promise<Omit<Measurement, 'scenario' | 'server'>> {
  const owner = await register(http, `bench-idle-${options.run}-owner`)
  const user = await register(http, `bench-idle-${options.run}`)
  for (let n = 0; n < options.rooms; n += 1) {
    const room = await owner.createRoom({ preset: 'public_chat' })
    await user.join(room)
    await owner.sendText(room, 'hello')
  }
  const since = stringAt(await user.sync({ timeout: '0' }), 'next_batch')
  for (let n = 0; n < 20; n += 1) await user.sync({ since, timeout: '0' })

  const samples = new Samples()
  const meter = new CpuMeter(watched)
  let errors = 0
  const started = performance.now()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (samples.count + errors < REQUESTS) {
        const asked = performance.now()
        try {
          await user.sync({ since, timeout: '0' })
          samples.add(performance.now() - asked)
        } catch {
          errors += 1
        }
      }
    }),
  )
  const elapsed = performance.now() - started
  return {
    clients: AT_ONCE,
    ...timing(samples, elapsed),
    errors,
    lost: 0,
    duplicates: 0,
    ...meter.perOperation(samples.count),
  }
}
