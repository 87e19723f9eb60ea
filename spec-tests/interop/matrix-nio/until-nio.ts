import type { NioPerson } from './nio-person.ts'

const SYNCS = 20

/** Lets nio sync until it knows something. @throws {Error} when 20 syncs do not bring it */
export async function untilNio(
  nio: NioPerson,
  what: string,
  probe: () => Promise<boolean>,
): Promise<void> {
  for (let n = 0; n < SYNCS; n++) {
    if (await probe()) return
    await nio.call('sync', { timeout: 1000 })
  }
  throw new Error(`nio did not learn: ${what}`)
}
