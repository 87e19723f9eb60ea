import { MatrixError } from '#matrix/errors.ts'
import type { Logger } from '#platform/logger.ts'
import type { Rng } from '#platform/rng.ts'
import type { JsonReply } from './reply.ts'

/**
 * Turns anything that was thrown into an answer. Only a fault of the server is logged, under an
 * id that the client is told too; a client's mistake leaves no trace here.
 */
export function errorReply(
  error: unknown,
  about: { readonly method: string; readonly path: string },
  deps: { readonly logger: Logger; readonly rng: Rng },
): JsonReply {
  if (error instanceof MatrixError) {
    return { status: error.status, text: JSON.stringify(error), headers: error.headers }
  }
  const id = deps.rng.id(12)
  deps.logger.error({ err: error, id, ...about }, 'request failed')
  const body = { errcode: 'M_UNKNOWN', error: `Internal server error (${id})` }
  return { status: 500, text: JSON.stringify(body), headers: undefined }
}
