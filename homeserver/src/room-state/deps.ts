import type { OpenLog } from '#log/index.ts'

export type { LogReads } from '#log/reads.ts'
export type { Dictionary, EventEntry, LogEntry, Point, RoomKey, StoredEvent } from '#log/types.ts'

/** What room state is built on. */
export type RoomStateDeps = Pick<OpenLog, 'log' | 'reads' | 'dictionary' | 'internals'>
