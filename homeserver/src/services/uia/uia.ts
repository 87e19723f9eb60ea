import type { Kysely } from 'kysely'
import type { Schema } from '#db/db.ts'
import { badJson, forbidden, MatrixError, unrecognized } from '#matrix/errors.ts'
import { isJsonObject, own, type JsonObject, type JsonValue } from '#matrix/json.ts'
import type { UserId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { Rng } from '#platform/rng.ts'
import { UiaChallenge, type UiaState } from './challenge.ts'
import { bodyFingerprint, sessionHash } from './fingerprint.ts'
import { PASSWORD_STAGE } from './password-stage.ts'
import { Proofs } from './proofs.ts'
import { comesNext, dummyStage, FinalRefusal, type UiaStage } from './stage.ts'
import * as store from './store.ts'
import type { UiaOutcome, UiaRequest } from './types.ts'

export interface UiaDeps {
  readonly db: Kysely<Schema>
  readonly clock: Clock
  readonly rng: Rng
}

const SESSION_MS = 30 * 60_000

/**
 * User-interactive authentication: sessions, tied to one operation, its first parameters and the
 * signed-in user, usable once.
 * https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
 */
export class Uia {
  /** Passwords that were entered a short time ago. */
  readonly proofs: Proofs
  readonly #deps: UiaDeps

  constructor(deps: UiaDeps) {
    this.#deps = deps
    this.proofs = new Proofs(deps)
  }

  /**
   * Resolves once a flow is complete; the session is used up then.
   * @throws {UiaChallenge} 401 with the flows while something is missing
   * @throws {MatrixError} 403 when the session belongs to another operation, user or other parameters
   */
  async authorize(asked: UiaRequest): Promise<UiaOutcome> {
    const request = await this.#withReuse(asked)
    const outcome = await this.#outcome(request)
    const { requester } = request
    if (requester !== undefined && outcome.completed.has(PASSWORD_STAGE)) {
      await this.proofs.note(requester.userId, requester.device)
    }
    return outcome
  }

  /**
   * Completes a stage of a session outside of the request that wants it, as fallback pages do.
   * @param stageFor the stage of a type, for the user whose session it is
   * @throws {MatrixError} 403 for an unknown session, 404 for a stage that it does not offer, what
   *   the stage throws
   */
  async complete(
    attempt: { readonly session: string; readonly type: string; readonly auth: JsonObject },
    stageFor: (type: string, userId: UserId | undefined) => UiaStage | undefined,
  ): Promise<void> {
    const { db, clock } = this.#deps
    const { session, type, auth } = attempt
    const id = sessionHash(session)
    const row = await store.sessionById(db, id, clock.now())
    if (row === undefined) throw forbidden('The session is unknown or has expired.')
    if (row.completed.has(type)) return
    const offered = row.flows.some((flow) => comesNext(flow, type, row.completed))
    const stage = offered ? stageFor(type, row.userId ?? undefined) : undefined
    if (stage === undefined) throw unrecognized('The session does not ask for this stage.')
    const result = await stage.check(auth, id)
    await store.setCompleted(db, id, new Map(row.completed).set(type, result))
  }

  /** Who has just proved the password is offered a way without, where the operation allows it. */
  async #withReuse(request: UiaRequest): Promise<UiaRequest> {
    const { requester, reusesPassword } = request
    if (requester === undefined || reusesPassword !== true) return request
    if (!(await this.proofs.has(requester.device))) return request
    return { ...request, flows: [[dummyStage], ...request.flows] }
  }

  async #outcome(request: UiaRequest): Promise<UiaOutcome> {
    const auth = own(request.body, 'auth')
    if (auth === undefined) throw await this.#begin(request)
    if (!isJsonObject(auth)) throw badJson('auth: Expected an object')
    const type = own(auth, 'type')
    if (type !== undefined && typeof type !== 'string')
      throw badJson('auth.type: Expected a string')
    const session = own(auth, 'session')
    if (session === undefined) return await this.#withoutSession(request, auth)
    if (typeof session !== 'string') throw badJson('auth.session: Expected a string')
    return await this.#resume(request, auth, session)
  }

  async #begin(request: UiaRequest, failure?: MatrixError): Promise<UiaChallenge> {
    const { db, clock, rng } = this.#deps
    const session = rng.id(24)
    const now = clock.now()
    await store.deleteExpired(db, now)
    await store.insertSession(db, {
      id: sessionHash(session),
      operation: request.operation,
      userId: request.requester?.userId,
      bodyHash: bodyFingerprint(session, request.body),
      flows: typesOf(request),
      expires: now + SESSION_MS,
    })
    return new UiaChallenge(request.flows, { session, completed: [] }, failure)
  }

  async #withoutSession(request: UiaRequest, auth: JsonObject): Promise<UiaOutcome> {
    const type = own(auth, 'type')
    const flow = request.flows.find((stages) => stages.length === 1 && stages[0]?.type === type)
    const stage = flow?.[0]
    if (request.sessionless !== true || stage === undefined) throw await this.#begin(request)
    const session = sessionHash(this.#deps.rng.id(24))
    try {
      return { session, completed: new Map([[stage.type, await stage.check(auth, session)]]) }
    } catch (error) {
      throw isRefusal(error) ? await this.#begin(request, error) : error
    }
  }

  async #resume(request: UiaRequest, auth: JsonObject, session: string): Promise<UiaOutcome> {
    const { db, clock } = this.#deps
    const id = sessionHash(session)
    const row = await store.sessionById(db, id, clock.now())
    if (row === undefined) {
      throw await this.#begin(request, forbidden('The session is unknown or has expired.'))
    }
    await this.#requireSame(request, row, session)
    const completed = new Map(row.completed)
    const type = own(auth, 'type')
    // without a type the client asks whether stages were completed elsewhere
    if (type !== undefined && !(typeof type === 'string' && completed.has(type))) {
      const state = { session, completed: [...completed.keys()] }
      const stage = stageOf(request, type, { ...state, done: completed })
      try {
        completed.set(stage.type, await stage.check(auth, id))
      } catch (error) {
        throw isRefusal(error) ? new UiaChallenge(request.flows, state, error) : error
      }
      await store.setCompleted(db, id, completed)
    }
    if (!request.flows.some((flow) => flow.every((stage) => completed.has(stage.type)))) {
      throw new UiaChallenge(request.flows, { session, completed: [...completed.keys()] })
    }
    if (!(await store.deleteSession(db, id))) {
      throw await this.#begin(request, forbidden('The session was used already.'))
    }
    return { session: id, completed }
  }

  /** A session taken with no parameters, as clients do to learn the flows, is tied to the next ones. */
  async #requireSame(request: UiaRequest, row: store.SessionRow, session: string): Promise<void> {
    const fingerprint = bodyFingerprint(session, request.body)
    const same =
      row.operation === request.operation &&
      row.userId === (request.requester?.userId ?? null) &&
      (row.bodyHash === null
        ? fingerprint === undefined ||
          (await store.bindSession(this.#deps.db, sessionHash(session), fingerprint))
        : fingerprint !== undefined && row.bodyHash.equals(fingerprint))
    if (!same) throw forbidden('The request differs from the one that began the session.')
  }
}

const typesOf = ({ flows }: UiaRequest): store.FlowTypes =>
  flows.map((flow) => flow.map(({ type }) => type))

function stageOf(
  request: UiaRequest,
  type: JsonValue,
  state: UiaState & { readonly done: store.Completed },
): UiaStage {
  for (const flow of request.flows) {
    const stage = flow.find((candidate) => candidate.type === type)
    const types = flow.map((candidate) => candidate.type)
    if (stage !== undefined && comesNext(types, stage.type, state.done)) return stage
  }
  const failure = new MatrixError(400, 'M_INVALID_PARAM', 'auth.type: no such stage here')
  throw new UiaChallenge(request.flows, state, failure)
}

/** The client's failure at a stage, after which it may try again; a 429 or a fault is none. */
function isRefusal(error: unknown): error is MatrixError {
  return error instanceof MatrixError && error.status < 429 && !(error instanceof FinalRefusal)
}

export const createUia = (deps: UiaDeps): Uia => new Uia(deps)
