import { isDeepStrictEqual } from 'node:util'
import type { TimelineReads } from '#log/reads-timeline.ts'
import type { AppendOutcome, Dictionary, RoomInfo } from '#log/types.ts'
import { badJson, forbidden, unavailable } from '#matrix/errors.ts'
import { isUserId, type EventId } from '#matrix/ids.ts'
import { notifyClass } from '#matrix/push-rules/notify-class.ts'
import type { Clock } from '#platform/clock.ts'
import type { Rng } from '#platform/rng.ts'
import { MAX_NAMED, MAX_PARENTS } from '#room-state/placement/constants.ts'
import type { RoomStates } from '#room-state/types.ts'
import { highlightsIn } from './audience.ts'
import { authorize, authRefs } from './authorize.ts'
import type { HistoryLog } from './history-log.ts'
import { requestOf, type Job } from './job.ts'
import { makeEvent, makeItem, type Signer } from './make-item.ts'
import { Prediction, type KnownState, type StateMemo } from './prediction.ts'

/** How often an event is authorised and signed again after the log refused it. */
const MAX_ATTEMPTS = 6
/** Upper bound of the first random pause between attempts, in milliseconds; doubled each time. */
const FIRST_PAUSE_MS = 4

export interface RoomWriterDeps {
  readonly log: HistoryLog
  readonly roomStates: RoomStates
  readonly dictionary: Dictionary
  readonly clock: Clock
  readonly rng: Rng
  readonly signer: Signer
  readonly timelineReads: Pick<TimelineReads, 'txnEvent'>
}

/** How far an attempt came. */
type Step =
  | { readonly kind: 'denied'; readonly reason: string; readonly prediction: Prediction }
  | {
      readonly kind: 'kept' | 'sent'
      readonly eventId: EventId
      /** Undefined when the event is in the log already. */
      readonly outcome: Promise<AppendOutcome> | undefined
    }

/**
 * The queue of one room. Events are authorised, signed and handed to the log one after another, but
 * nobody waits for the commit of the event before: each builds on the predicted room, so that all
 * of them can be in one batch. When the log contradicts the prediction, what was built on it is
 * built again.
 */
export class RoomWriter {
  readonly #room: RoomInfo
  readonly #deps: RoomWriterDeps
  #turn: Promise<unknown> = Promise.resolve()
  #prediction: Prediction | undefined
  #memo: StateMemo | undefined
  /** `log.head` when the prediction last looked at the room. */
  #lookedAt = 0

  constructor(room: RoomInfo, deps: RoomWriterDeps) {
    this.#room = room
    this.#deps = deps
  }

  /** @throws {MatrixError} see `Sending.send` */
  async send(job: Job): Promise<EventId> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (attempt > 0) await this.#pause(attempt)
      const step = await this.#inTurn(() => this.#attempt(job))
      if (step.kind === 'denied') {
        const known =
          job.txn && (await this.#deps.timelineReads.txnEvent(job.txn.device, job.txn.key))
        if (known !== undefined) return known
        await this.#confirmDenial(job, step.prediction)
        continue
      }
      const outcome = await step.outcome
      if (outcome === undefined || outcome.outcome === 'ok') return step.eventId
      if (outcome.outcome === 'duplicate' && step.kind === 'sent') return outcome.eventId
    }
    throw unavailable('Too much is going on in this room. Try again.')
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }

  async #pause(attempt: number): Promise<void> {
    const { clock, log, rng } = this.#deps
    await clock.sleep(rng.int(FIRST_PAUSE_MS * 2 ** attempt))
    await log.catchUp()
  }

  async #attempt(job: Job): Promise<Step> {
    const prediction = await this.#predict()
    const { type, stateKey, sender, keep } = job.input
    const current = stateKey === undefined ? undefined : await prediction.current(type, stateKey)
    const ownMembership = type === 'm.room.member' && stateKey === sender.userId
    if (current !== undefined && ownMembership && keep?.(current.event) === true) {
      return kept(current)
    }
    const verdict = await authorize(requestOf(job), prediction, this.#deps.signer.serverName)
    if (!verdict.allowed) return { kind: 'denied', reason: verdict.reason, prediction }
    if (current !== undefined && keeps(job, current)) return kept(current)
    return await this.#append(job, prediction)
  }

  async #predict(): Promise<Prediction> {
    const { log, roomStates } = this.#deps
    const prediction = this.#prediction
    if (prediction !== undefined && this.#lookedAt === log.head) return prediction
    this.#lookedAt = log.head
    const context = await roomStates.context(this.#room.key)
    if (prediction !== undefined && prediction === this.#prediction) {
      prediction.heal(context)
      if (context.stateVersion <= prediction.stateVersion) return prediction
    }
    const fresh = new Prediction(context, this.#memo)
    this.#prediction = fresh
    return fresh
  }

  async #append(job: Job, prediction: Prediction): Promise<Step> {
    const { input, txn, redaction, thread, content } = job
    const { version, roomId, key } = this.#room
    const target = await this.#target(job)
    const draft = {
      version,
      roomId,
      type: input.type,
      stateKey: input.stateKey,
      sender: input.sender.userId,
      content,
      originServerTs: input.timestamp ?? this.#deps.clock.now(),
      depth: prediction.nextDepth,
      redacts: version.redactsInContent ? undefined : input.redacts,
    }
    const auth = authRefs(requestOf(job), prediction, this.#room)
    // the log takes a state event only on top of every branch
    const parents = prediction.parents(input.stateKey === undefined ? MAX_PARENTS : MAX_NAMED)
    const made = makeEvent(draft, parents, auth, this.#deps.signer, input.redacts)
    const levels = prediction.derived.levels(prediction.lookup, version)
    const notify = notifyClass(made.event, levels)
    const item = makeItem(made, key, {
      sender: input.sender,
      stateVersion: prediction.stateVersion,
      notifies: notify.notifies,
      highlights: highlightsIn(job.audience, notify),
      target,
      redacts: redaction?.ref,
      thread,
      txn,
    })
    const outcome = this.#deps.log.append([item])
    prediction.advance(made.event, made.ref, made.parents, outcome)
    this.#watch(prediction, outcome)
    return { kind: 'sent', eventId: made.ref.eventId, outcome }
  }

  /** The user whose membership changes gets a key only once the event is known to be allowed. */
  async #target({ input }: Job) {
    if (input.type !== 'm.room.member' || input.stateKey === undefined) return undefined
    return isUserId(input.stateKey) ? await this.#deps.dictionary.user(input.stateKey) : undefined
  }

  #watch(prediction: Prediction, outcome: Promise<AppendOutcome>): void {
    const settled = (ok: boolean): void => {
      prediction.settle()
      if (this.#prediction !== prediction) return
      if (ok && prediction.busy) return
      this.#memo = ok ? prediction.memo : undefined
      this.#prediction = undefined
    }
    outcome.then(
      (result) => settled(result.outcome === 'ok'),
      () => settled(false),
    )
  }

  /**
   * A denial may rest on what this worker does not know yet, or on a prediction that does not come
   * true: only what the log says at the end counts.
   * @throws {MatrixError} 403 when it stands, 400 when the event could come from nobody
   */
  async #confirmDenial(job: Job, denied: Prediction): Promise<void> {
    const { log, roomStates, signer } = this.#deps
    await log.catchUp()
    const fresh = new Prediction(await roomStates.context(this.#room.key))
    const verdict = await authorize(requestOf(job), fresh, signer.serverName)
    if (!verdict.allowed) {
      throw verdict.malformed === true ? badJson(verdict.reason) : forbidden(verdict.reason)
    }
    if (this.#prediction === denied) {
      this.#prediction = undefined
      this.#memo = undefined
    }
  }
}

const kept = ({ event, outcome }: KnownState): Step => ({
  kind: 'kept',
  eventId: event.eventId,
  outcome,
})

function keeps({ input, content }: Job, current: KnownState): boolean {
  if (input.keep !== undefined) return input.keep(current.event)
  return (
    !current.redacted &&
    current.event.sender === input.sender.userId &&
    isDeepStrictEqual(current.event.content, content)
  )
}
