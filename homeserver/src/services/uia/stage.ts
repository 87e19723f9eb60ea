import { MatrixError } from '#matrix/errors.ts'
import type { JsonObject, JsonValue } from '#matrix/json.ts'

/** One authentication type. https://spec.matrix.org/v1.19/client-server-api/#authentication-types */
export interface UiaStage {
  readonly type: string
  /** What a client must know to use it. */
  readonly params?: JsonObject
  /**
   * Checks what the client sent; resolves to what the operation wants to know of it.
   * @param session stands for the session in the database; not the client's session id
   * @throws {MatrixError} when the client may try again
   * @throws {FinalRefusal} when it may not: answered as it is, not as a challenge
   */
  check(auth: JsonObject, session: string): Promise<JsonValue>
}

/** Stages that together are enough, in the order in which they are completed. */
export type UiaFlow = readonly UiaStage[]

/** 403 for what is not worth another attempt, such as proving to be somebody else. */
export class FinalRefusal extends MatrixError {
  constructor(message: string) {
    super(403, 'M_FORBIDDEN', message)
  }
}

/** Always succeeds. https://spec.matrix.org/v1.19/client-server-api/#dummy-auth */
export const dummyStage: UiaStage = {
  type: 'm.login.dummy',
  check: () => Promise.resolve(null),
}

/** Whether a flow has the stage where all before it are completed. */
export const comesNext = (
  flow: readonly string[],
  type: string,
  completed: ReadonlyMap<string, JsonValue>,
): boolean => {
  const place = flow.indexOf(type)
  return place >= 0 && flow.slice(0, place).every((before) => completed.has(before))
}
