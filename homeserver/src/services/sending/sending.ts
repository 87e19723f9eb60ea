import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import type { TimelineReads } from '#log/reads-timeline.ts'
import type { LogReads } from '#log/reads.ts'
import type { RelationReads } from '#log/reads-relations.ts'
import type { Dictionary, Log, RoomInfo, RoomKey } from '#log/types.ts'
import { forbidden, unavailable } from '#matrix/errors.ts'
import { parseUserId, type EventId, type ServerName, type UserId } from '#matrix/ids.ts'
import type { SigningKey } from '#matrix/events/signing-key.ts'
import { own, type JsonObject } from '#matrix/json.ts'
import type { Clock } from '#platform/clock.ts'
import type { Rng } from '#platform/rng.ts'
import type { RoomStates } from '#room-state/types.ts'
import { annotationOf, Annotations } from './annotations.ts'
import { audienceOf } from './audience.ts'
import { checkAliases, checkStateContent, type ResolveAlias } from './check-content.ts'
import { checkInvitePermission } from './invite-permission.ts'
import { HistoryLog } from './history-log.ts'
import { contentOf, type Job } from './job.ts'
import { buildRoom } from './new-room.ts'
import { redactionTarget, Threads } from './relations.ts'
import { RoomWriter, type RoomWriterDeps } from './room-writer.ts'
import { foldTxn, Transactions, type Txn } from './transactions.ts'
import type { CreatedRoom, NewRoom, Sending, SendInput } from './types.ts'

/** Rooms whose queue is kept; an idle one costs only what it remembers of the room's state. */
const MAX_WRITERS = 2000

export interface SendingDeps {
  readonly log: Log
  readonly reads: LogReads
  readonly timelineReads: TimelineReads
  readonly relationReads: Pick<RelationReads, 'annotations'>
  readonly dictionary: Dictionary
  readonly roomStates: RoomStates
  readonly clock: Clock
  readonly rng: Rng
  readonly serverName: ServerName
  readonly signingKey: SigningKey
  readonly resolveAlias: ResolveAlias
}

/** The only place where events of this server's users are made. */
export function createSending(deps: SendingDeps): Sending {
  return new LogSending(deps)
}

class LogSending implements Sending {
  readonly #deps: SendingDeps
  #writerDeps: RoomWriterDeps
  readonly #writers = new LRUCache<RoomKey, RoomWriter>(upTo(MAX_WRITERS))
  readonly #transactions = new Transactions()
  readonly #threads: Threads
  readonly #annotations: Annotations

  constructor(deps: SendingDeps) {
    this.#deps = deps
    this.#writerDeps = writerDeps(deps)
    this.#threads = new Threads(deps.reads)
    this.#annotations = new Annotations(deps)
    deps.log.onReset(() => {
      this.#writerDeps.log.end()
      this.#writerDeps = writerDeps(deps)
      this.#writers.clear()
      this.#transactions.clear()
      this.#threads.clear()
    })
  }

  async send(input: SendInput): Promise<EventId> {
    const room = await this.#deps.dictionary.room(input.roomId)
    if (room === undefined) throw forbidden('You are not in this room.')
    if (input.txn === undefined || input.device === undefined) {
      return await this.#deliver(input, room, undefined)
    }
    const txn = foldTxn(input.device, room.key, input.txn)
    return await this.#transactions.run(txn, () => this.#deliver(input, room, txn))
  }

  async createRoom(room: NewRoom): Promise<CreatedRoom> {
    const built = await buildRoom(room, this.#deps.clock.now(), this.#writerDeps)
    await room.beforeStored?.(built.roomId)
    const { outcome } = await this.#deps.log.append(built.group)
    if (outcome !== 'ok') throw unavailable('The room could not be stored. Try again.')
    return built
  }

  async checkInvitePermission(target: UserId): Promise<void> {
    await checkInvitePermission(target, this.#deps)
  }

  async #deliver(input: SendInput, room: RoomInfo, txn: Txn | undefined): Promise<EventId> {
    const annotation = annotationOf(room.key, input)
    if (annotation === undefined) return await this.#write(input, room, txn)
    return await this.#annotations.once(
      annotation,
      () => this.#write(input, room, txn),
      async () => txn && (await this.#deps.timelineReads.txnEvent(txn.device, txn.key)),
    )
  }

  async #write(input: SendInput, room: RoomInfo, txn: Txn | undefined): Promise<EventId> {
    return await this.#writerOf(room).send(await this.#jobOf(input, room, txn))
  }

  async #jobOf(input: SendInput, room: RoomInfo, txn: Txn | undefined): Promise<Job> {
    const { reads } = this.#deps
    const { type, content, stateKey, redacts, sender } = input
    if (stateKey !== undefined) await this.#checkState(type, stateKey, content, room)
    return {
      input,
      room,
      content: contentOf(input, room),
      txn,
      redaction:
        redacts === undefined ? undefined : await redactionTarget(reads, room.key, redacts),
      thread: stateKey === undefined ? await this.#threads.rootOf(room.key, content) : undefined,
      audience: await audienceOf(
        { room: room.key, sender: sender.userId, type, content },
        this.#deps,
      ),
    }
  }

  async #checkState(
    type: string,
    stateKey: string,
    content: JsonObject,
    room: RoomInfo,
  ): Promise<void> {
    checkStateContent(type, stateKey, content, room.version)
    if (type === 'm.room.member' && own(content, 'membership') === 'invite') {
      await this.checkInvitePermission(parseUserId(stateKey))
    }
    if (type !== 'm.room.canonical_alias') return
    const current = await this.#deps.roomStates.currentOf(room.key, type, stateKey)
    const before = current?.roomEvent().content
    await checkAliases(content, before, room.roomId, this.#deps.resolveAlias)
  }

  #writerOf(room: RoomInfo): RoomWriter {
    const known = this.#writers.get(room.key)
    if (known !== undefined) return known
    const writer = new RoomWriter(room, this.#writerDeps)
    this.#writers.set(room.key, writer)
    return writer
  }
}

function writerDeps(deps: SendingDeps): RoomWriterDeps {
  return {
    ...deps,
    log: new HistoryLog(deps.log),
    signer: deps,
  }
}
