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
   */
  check(auth: JsonObject, session: string): Promise<JsonValue>
}

/** Stages that together are enough. */
export type UiaFlow = readonly UiaStage[]

/** Always succeeds. https://spec.matrix.org/v1.19/client-server-api/#dummy-auth */
export const dummyStage: UiaStage = {
  type: 'm.login.dummy',
  check: () => Promise.resolve(null),
}
