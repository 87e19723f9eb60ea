import { test } from 'vitest'

/** True in `npm run test:faults`, which has half an hour; `npm test` has a minute for all faults. */
export const LONG = process.env['HEARTH_FAULTS'] === 'long'

/** A test that takes long: in `npm test` it is not there at all. */
export function longTest(title: string, body: () => Promise<void>): void {
  if (LONG) test(title, body)
}
