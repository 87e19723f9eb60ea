// Loaded into a server by `NODE_OPTIONS=--import`: its wall clock is off by the milliseconds that stand
// in the file HEARTH_TEST_CLOCK, and jumps when the file changes. Timers and the monotonic clock go on
// as they do when an operator or NTP sets the time.
import { readFileSync } from 'node:fs'

const file = process.env.HEARTH_TEST_CLOCK
const LOOK_EVERY_MS = 10
const RealDate = Date
let offset = 0

class ShiftedDate extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(ShiftedDate.now())
    else super(...parts)
  }

  static now() {
    return RealDate.now() + offset
  }
}

function look() {
  offset = Number(readFileSync(file, 'utf8'))
}

if (file !== undefined) {
  look()
  globalThis.Date = ShiftedDate
  setInterval(look, LOOK_EVERY_MS).unref()
}
