import { without } from '#matrix/events/hashes.ts'
import type { JsonObject } from '#matrix/json.ts'

const AUTHORISED_VIA = 'join_authorised_via_users_server'

/**
 * What a client may say in a state event. `join_authorised_via_users_server` of a membership is
 * taken out: it vouches for a join of a restricted room, and the signature of this server would make
 * a user's own word for it valid. Clients send it in good faith when they copy a membership to change
 * a name.
 * https://spec.matrix.org/v1.19/client-server-api/#restricted-rooms
 */
export function clientContent(type: string, content: JsonObject): JsonObject {
  if (type !== 'm.room.member' || !Object.hasOwn(content, AUTHORISED_VIA)) return content
  return without(content, [AUTHORISED_VIA])
}
