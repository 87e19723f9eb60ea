import { badJson } from '#matrix/errors.ts'
import { isUserId, type UserId } from '#matrix/ids.ts'
import { isJsonObject, type JsonObject } from '#matrix/json.ts'

/**
 * Contents by user and device. The contents themselves are the parsed ones, uncopied.
 * @throws {MatrixError} 400 `M_BAD_JSON`
 */
export function messagesOf(messages: JsonObject): Map<UserId, Map<string, JsonObject>> {
  const byUser = new Map<UserId, Map<string, JsonObject>>()
  for (const [user, devices] of Object.entries(messages)) {
    if (!isUserId(user)) throw badJson(`messages: ${JSON.stringify(user)} is not a user ID`)
    if (!isJsonObject(devices)) throw badJson(`messages.${user}: Expected an object`)
    const byDevice = new Map<string, JsonObject>()
    for (const [deviceId, content] of Object.entries(devices)) {
      if (!isJsonObject(content)) throw badJson(`messages.${user}: Contents must be objects`)
      byDevice.set(deviceId, content)
    }
    byUser.set(user, byDevice)
  }
  return byUser
}
