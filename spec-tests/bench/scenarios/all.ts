import type { Scenario } from '../measurement.ts'
import type { ScenarioName } from '../options.ts'
import { createJoin } from './create-join.ts'
import { directory } from './directory.ts'
import { fanout } from './fanout.ts'
import { footprint } from './footprint.ts'
import { idleSync } from './idle-sync.ts'
import { initialSync } from './initial-sync.ts'
import { messages } from './messages.ts'
import { push } from './push.ts'
import { scale } from './scale.ts'
import { search } from './search.ts'
import { send, sendMany } from './send.ts'
import { soak } from './soak.ts'
import { sqlPerSend } from './sql-per-send.ts'
import { stall } from './stall.ts'

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  send,
  'send-many': sendMany,
  fanout,
  'initial-sync': initialSync,
  'idle-sync': idleSync,
  'create-join': createJoin,
  messages,
  directory,
  search,
  push,
  stall,
  footprint,
  'sql-per-send': sqlPerSend,
  scale,
  soak,
}
