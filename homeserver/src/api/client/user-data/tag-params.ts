import { storableText, z } from '#http/endpoint.ts'
import { roomId, userId } from '#matrix/ids.ts'

const MAX_BYTES = 255

/** https://spec.matrix.org/v1.19/client-server-api/#events-15 */
const tag = storableText
  .min(1)
  .refine((name) => Buffer.byteLength(name) <= MAX_BYTES, 'A tag has at most 255 bytes')

/** A user's room, as the paths of the tags name it. */
export const tagsOfRoom = z.object({ userId, roomId })

export const tagOfRoom = tagsOfRoom.extend({ tag })
