import { NEEDS } from './needs.ts'

/** Tests that want what the specification does not allow, or that the suite does not run. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'TestArchivedRoomsHistory/timeline_is_empty/incremental_sync':
    'The suite skips it whatever the server; `homeserver/test/sync/timeline.test.ts` asks the same of left rooms',
  TestAvatarUrlUpdate:
    'Sets the avatar URL `LemurLover`. “For `avatar_url`, the value MUST be an MXC URI string” (`PUT /profile/{userId}/{keyName}`), and every answer that would have to repeat it has the format `mx-mxc-uri`',
  'TestRoomState/Parallel/GET_/rooms/:room_id/joined_members_fetches_my_membership':
    'Expects name and picture of an account that has set neither, so null. Both are optional; what is there has “type: string”, the picture “format: mx-mxc-uri” (`GET /rooms/{roomId}/joined_members`)',
}

/**
 * Why a test of the suite does not pass, by its name or that of a test above it. Each that fails or is
 * skipped has one here, and a test says so.
 */
export const CAUSES: Readonly<Record<string, string>> = { ...NEEDS, ...DIFFERENCES }

/** What the table says of the test itself, or of the nearest one above it. */
export function causeOf(
  test: string,
  causes: Readonly<Record<string, string>> = CAUSES,
): string | undefined {
  for (let name = test; ;) {
    if (Object.hasOwn(causes, name)) return causes[name]
    const slash = name.lastIndexOf('/')
    if (slash < 0) return undefined
    name = name.slice(0, slash)
  }
}
