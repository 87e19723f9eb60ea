import type { Kysely } from 'kysely'
import type { Schema } from '#db/db.ts'
import { invalidParam } from '#matrix/errors.ts'
import type { RoomSummaries } from '#services/directory/index.ts'
import type { Requester } from '#services/sessions/index.ts'
import { findUsers } from './find-users.ts'
import { renewEntries } from './renew-entries.ts'
import { searchTerm } from './search-form.ts'

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3user_directorysearch */
export interface UserSearchAnswer {
  readonly results: readonly {
    readonly user_id: string
    readonly display_name?: string
    readonly avatar_url?: string
  }[]
  /** There are more than the limit. */
  readonly limited: boolean
}

/** Finds people of this server by localpart, user ID or display name. */
export interface UserDirectory {
  /**
   * Users whom the searcher shares a room with, or who are in a room that everybody may join or
   * read; with the setting, all. Nobody is told of themselves, guests, or accounts that are
   * deactivated or locked. Only profiles are searched and shown, never what a user is called in a room.
   * @throws {MatrixError} 400 `M_INVALID_PARAM`
   */
  search(requester: Requester, term: string, limit?: number): Promise<UserSearchAnswer>
}

export interface UserDirectoryDeps {
  readonly db: Kysely<Schema>
  readonly roomSummaries: Pick<RoomSummaries, 'catchUp'>
  readonly config: { readonly user_directory: { readonly search_all_users: boolean } }
}

const DEFAULT_LIMIT = 10
const MOST_USERS = 100

export function createUserDirectory(deps: UserDirectoryDeps): UserDirectory {
  return {
    async search(requester, text, limit = DEFAULT_LIMIT) {
      if (limit < 1) throw invalidParam('limit: Must be at least 1')
      const term = searchTerm(text)
      if (term === undefined) return { results: [], limited: false }
      await Promise.all([renewEntries(deps.db), deps.roomSummaries.catchUp()])
      const most = Math.min(limit, MOST_USERS)
      const everybody = deps.config.user_directory.search_all_users
      const search = { term, by: requester.user, limit: most + 1, everybody }
      const users = await findUsers(deps.db, search)
      return {
        results: users.slice(0, most).map((user) => ({
          user_id: user.user_id,
          ...(user.display_name !== null && { display_name: user.display_name }),
          ...(user.avatar_url !== null && { avatar_url: user.avatar_url }),
        })),
        limited: users.length > most,
      }
    },
  }
}
