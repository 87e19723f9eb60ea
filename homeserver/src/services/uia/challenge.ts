import { MatrixError } from '#matrix/errors.ts'
import type { JsonObject, JsonValue } from '#matrix/json.ts'
import type { UiaFlow } from './stage.ts'

/** How far a session is. */
export interface UiaState {
  readonly session: string
  /** Types of the stages that are done. */
  readonly completed: readonly string[]
}

/** 401 that tells how to authenticate; `errcode` and `error` only when an attempt failed. */
export class UiaChallenge extends MatrixError {
  readonly #failure: MatrixError | undefined

  constructor(flows: readonly UiaFlow[], state: UiaState, failure?: MatrixError) {
    const extra: JsonObject = {
      flows: flows.map((flow) => ({ stages: flow.map((stage) => stage.type) })),
      params: paramsOf(flows),
      session: state.session,
      ...(state.completed.length > 0 && { completed: [...state.completed] }),
    }
    super(401, failure?.errcode ?? 'M_UNAUTHORIZED', failure?.message ?? 'More is needed.', extra)
    this.#failure = failure
  }

  override toJSON(): JsonObject {
    return this.#failure === undefined ? this.extra : super.toJSON()
  }
}

function paramsOf(flows: readonly UiaFlow[]): JsonObject {
  const params = new Map<string, JsonValue>()
  for (const stage of flows.flat()) {
    if (stage.params !== undefined) params.set(stage.type, stage.params)
  }
  return Object.fromEntries(params)
}
