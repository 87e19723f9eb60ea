import type { Context } from '#context'
import { forbidden } from '#matrix/errors.ts'

/**
 * The service. Without it both operations answer 403, as the specification has it for presence that
 * may not be seen: 200 would be a lie, and what is not implemented is told by 404.
 * @throws {MatrixError} 403 `M_FORBIDDEN` where presence is off
 */
export function presenceOf({ presence }: Pick<Context, 'presence'>) {
  if (presence === undefined) throw forbidden('Presence is turned off on this server.')
  return presence.service
}
