import { asRoomKey, asUserKey } from '#log/keys.ts'
import type { UnreadState } from '#log/reads-unread.ts'

/** Of events up to position 20 and ten notifying ones, those up to position 12 are read. */
export const unreadState = (init: Partial<UnreadState> = {}): UnreadState => ({
  user: asUserKey(1),
  room: asRoomKey(1),
  lastPos: 20,
  headSeq: 10,
  readPos: 12,
  readSeq: 2,
  mainPos: 0,
  mainSeq: 0,
  threadReads: new Map(),
  threadEvents: [],
  highlights: [],
  ...init,
})
