import { SoleWorker } from '#db/sole-worker.ts'
import type { ServerName } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import type { Rng } from '#platform/rng.ts'
import { Batcher } from './append/batcher.ts'
import { WriterLink } from './append/writer-link.ts'
import { InboxBounds } from './caches/inbox-bounds.ts'
import { Memberships } from './caches/memberships.ts'
import { Recent } from './caches/recent.ts'
import { RoomHeads } from './caches/room-heads.ts'
import { WarmRooms } from './caches/warm-rooms.ts'
import { DatabaseDictionary } from './dictionary/dictionary.ts'
import { InternedNames } from './dictionary/interned-names.ts'
import { Epochs } from './epochs/epochs.ts'
import { NotifiedHints, type Hints } from './hints/hints.ts'
import { Housekeeping } from './housekeeping.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { OrderedLog } from './ordered-log.ts'
import { LogTokens, type SyncTokens } from './positions/tokens.ts'
import { ReadConnections, type Reader } from './read/connections.ts'
import { EventDecoder } from './read/decode-events.ts'
import { createReads } from './read/log-reads.ts'
import type { LogReads } from './reads.ts'
import { Applied } from './tail/applied.ts'
import { Tail } from './tail/tail.ts'
import type { PlacedItem } from './append/placed/placed-item.ts'
import type { AppendOutcome, Dictionary, Log, Wakeups } from './types.ts'
import { keysOf, LongPolls } from './wakeups/wakeups.ts'

export { encodePageToken, parsePageToken } from './positions/page-token.ts'
export type { Hints } from './hints/hints.ts'
export type { SyncTokens } from './positions/tokens.ts'

/** A worker that is further behind is not healthy: what it answers is old. */
const BEHIND_MS = 10_000

export interface LogOptions {
  /** A direct connection to the migrated database: not through a pooler in transaction mode. */
  readonly url: string
  readonly serverName: ServerName
  readonly clock: Clock
  readonly rng: Rng
  readonly logger: Logger
  /** Pipelined read connections. Default 3. */
  readonly readers?: number
  /** Memory for the events of warm rooms, in bytes. Default 24 MB. */
  readonly warmBytes?: number
}

/** The log of one worker, connected and reading. Disposing writes what is queued, then disconnects. */
export interface OpenLog extends AsyncDisposable {
  readonly log: Log
  readonly reads: LogReads
  readonly inbox: Inbox
  readonly dictionary: Dictionary
  readonly wakeups: Wakeups
  readonly tokens: SyncTokens
  readonly hints: Hints
  /** Which of the database's workers does what only one should do. */
  readonly sole: Pick<SoleWorker, 'isSole'>
  /** What room state needs beneath the faces above. */
  readonly internals: LogInternals
  /** Milliseconds since this worker last stood at the log's end; about a second when all is well. */
  behindMs(): number
  /** True while the log can be written, and has been read to its end lately. */
  health(): boolean
}

export interface LogInternals {
  readonly reader: Reader
  readonly decoder: EventDecoder
  readonly names: InternedNames
  readonly logger: Logger
  /** Appends one event whose place in the room's state was worked out; see `hs_append_placed`. */
  appendPlaced(item: PlacedItem): Promise<AppendOutcome>
  /** Resolves once the head is at least `pos`. */
  reach(pos: number): Promise<void>
}

/**
 * Connects a worker to the log.
 * @throws the connection's error when the database can't be reached
 */
export async function openLog(options: LogOptions): Promise<OpenLog> {
  const { url, clock, logger, rng, serverName } = options
  await using started = new AsyncDisposableStack()
  const reader = new ReadConnections({ url, count: options.readers ?? 3, clock, logger })
  started.use(reader)
  const names = new InternedNames(reader)
  const dictionary = new DatabaseDictionary({ reader, serverName })
  const decoder = new EventDecoder({ dictionary, names })
  const epochs = new Epochs(reader)
  const wakeups = new LongPolls()
  const hints = new NotifiedHints({ reader, logger, rng })
  const applied = new Applied((entries) => wakeups.wake(keysOf(entries)))
  const link = new WriterLink({
    url,
    clock,
    logger,
    async onConnect(tag, end) {
      if (epochs.tag === 0) return
      // while it was away, others may have appended without telling this worker
      tail.poke()
      if (tag === epochs.tag && end >= applied.head) return
      // what this worker knows may be of a history that is gone: nothing is written before it has forgotten
      tail.renew()
      await tail.catchUp()
    },
    onLost: () => batcher.wake(),
  })
  started.use(link)
  const reach = (pos: number) => tail.reach(pos)
  const batcher = new Batcher({ link, names, dictionary, applied, clock, rng, logger, reach })
  const tail = new Tail({
    url,
    applied,
    decoder,
    epochs,
    clock,
    logger,
    onCut() {
      batcher.forget()
      reader.renew()
    },
    isOwn: (backend) => batcher.isInFlight(backend),
    isWriting: () => batcher.isWriting,
    onHint: (payload) => hints.receive(payload),
  })
  started.use(tail)
  started.defer(() => batcher.close())

  const heads = new RoomHeads({ reader, reach })
  const memberships = new Memberships({ reader, reach })
  const maxBytes = options.warmBytes ?? 24_000_000
  const bounds = new InboxBounds({ reader, reach })
  const warm = new WarmRooms({ dictionary, maxBytes })
  const recent = new Recent()
  applied.onReset(() => {
    for (const cache of [heads, memberships, bounds, warm, names, dictionary]) cache.clear()
    recent.reset(applied.head)
    wakeups.wakeAll()
  })
  applied.subscribe((entries) => {
    for (const cache of [heads, memberships, bounds, warm, recent]) cache.apply(entries)
  })

  const sole = started.use(new SoleWorker({ url, clock, logger }))
  const housekeeping = started.use(new Housekeeping({ reader, clock, logger }))

  await Promise.all([reader.connect(), link.connect(), tail.connect()])
  await epochs.load()
  await tail.start()
  sole.start()
  housekeeping.start(sole)
  const resources = started.move()
  return {
    log: new OrderedLog({ applied, batcher, tail }),
    reads: createReads({ reader, decoder, heads, memberships, warm, recent }),
    inbox: createInbox({ reader, bounds, epochs }),
    dictionary,
    wakeups,
    tokens: new LogTokens({ epochs, applied, catchUp: () => tail.catchUp() }),
    internals: {
      reader,
      decoder,
      names,
      reach,
      logger,
      appendPlaced: (item) => batcher.appendPlaced(item),
    },
    hints,
    sole,
    behindMs: () => tail.behindMs,
    health: () => link.isReady && tail.failure === undefined && tail.behindMs < BEHIND_MS,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
