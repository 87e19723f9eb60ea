import { own, type JsonObject } from '#matrix/json.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'

/**
 * The old room's join rules, or the nearest that the new version knows and that let nobody in whom the
 * old ones did not.
 */
export function carriedJoinRules(content: JsonObject, version: RoomVersion): JsonObject {
  const rule = own(content, 'join_rule')
  if (rule === 'knock_restricted' && !version.knockRestricted) {
    if (version.restrictedJoins) return { ...content, join_rule: 'restricted' }
    return { join_rule: version.knock ? 'knock' : 'invite' }
  }
  const isUnknown =
    (rule === 'restricted' && !version.restrictedJoins) || (rule === 'knock' && !version.knock)
  return isUnknown ? { join_rule: 'invite' } : content
}
