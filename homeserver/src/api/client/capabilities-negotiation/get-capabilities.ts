// GET /_matrix/client/v3/capabilities
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3capabilities
import { endpoint } from '#http/endpoint.ts'
import { DEFAULT_ROOM_VERSION, ROOM_VERSIONS } from '#matrix/room-versions/room-version.ts'

const CAPABILITIES = {
  'm.change_password': { enabled: false },
  'm.room_versions': {
    default: DEFAULT_ROOM_VERSION.id,
    available: Object.fromEntries([...ROOM_VERSIONS.keys()].map((id) => [id, 'stable'])),
  },
  'm.set_displayname': { enabled: true },
  'm.set_avatar_url': { enabled: true },
  'm.3pid_changes': { enabled: false },
  'm.get_login_token': { enabled: true },
  'm.profile_fields': { enabled: true },
}

export const getCapabilities = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/capabilities',
  auth: 'user',
  rateLimit: 'default',
  handler({ requester }) {
    const moderation = { 'm.account_moderation': { suspend: true, lock: true } }
    const capabilities = { ...CAPABILITIES, ...(requester.admin && moderation) }
    return Promise.resolve({ capabilities })
  },
})
