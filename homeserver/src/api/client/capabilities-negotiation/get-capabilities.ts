// GET /_matrix/client/v3/capabilities
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3capabilities
import { endpoint } from '#http/endpoint.ts'
import { ROOM_VERSIONS } from '#matrix/room-versions/room-version.ts'

const CAPABILITIES = {
  'm.change_password': { enabled: true },
  'm.set_displayname': { enabled: true },
  'm.set_avatar_url': { enabled: true },
  'm.3pid_changes': { enabled: false },
  'm.get_login_token': { enabled: true },
  'm.profile_fields': { enabled: true },
  'm.forget_forced_upon_leave': { enabled: false },
}

const AVAILABLE_VERSIONS = Object.fromEntries([...ROOM_VERSIONS.keys()].map((id) => [id, 'stable']))

export const getCapabilities = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/capabilities',
  auth: 'user',
  rateLimit: 'default',
  handler({ requester, ctx }) {
    const roomVersions = {
      default: ctx.config.rooms.default_room_version,
      available: AVAILABLE_VERSIONS,
    }
    const moderation = { 'm.account_moderation': { suspend: true, lock: true } }
    const capabilities = {
      ...CAPABILITIES,
      'm.room_versions': roomVersions,
      ...(requester.admin && moderation),
    }
    return Promise.resolve({ capabilities })
  },
})
