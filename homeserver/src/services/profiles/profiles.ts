import type { Kysely } from 'kysely'
import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import { transaction, type Schema, type Tx } from '#db/db.ts'
import type { Log, UserKey } from '#log/types.ts'
import { MatrixError } from '#matrix/errors.ts'
import type { UserId } from '#matrix/ids.ts'
import type { JsonObject, JsonValue } from '#matrix/json.ts'
import type { Requester } from '#services/sessions/index.ts'
import { requireFieldName, requireFieldValue } from './field.ts'
import * as store from './store.ts'

export interface ProfilesDeps {
  readonly db: Kysely<Schema>
  readonly log: Pick<Log, 'append' | 'subscribe' | 'onReset'>
  /** Told after a name or avatar changed, to show it in the user's rooms. */
  readonly onChange: (userId: UserId) => Promise<void>
}

/** What membership events carry of a profile. */
export interface Profile {
  readonly displayname?: string
  readonly avatar_url?: string
}

/** Limit of the specification for all fields together. */
const MAX_BYTES = 64 * 1024
const MAX_CACHED = 10_000

/** What users tell of themselves. */
export class Profiles {
  readonly #deps: ProfilesDeps
  readonly #cache = new LRUCache<UserId, store.Fields>(upTo(MAX_CACHED))
  #generation = 0

  constructor(deps: ProfilesDeps) {
    this.#deps = deps
    deps.log.onReset(() => this.#forget())
    deps.log.subscribe((entries) => {
      // the cache is keyed by user id, the log knows users by key; a change is rare
      if (entries.some((entry) => entry.kind === 'invalidation' && entry.what === 'user')) {
        this.#forget()
      }
    })
  }

  #forget(): void {
    this.#generation++
    this.#cache.clear()
  }

  /** Display name and avatar; empty for a user that is unknown or of another server. */
  async get(userId: UserId): Promise<Profile> {
    const fields = await this.#load(userId)
    const displayname = fields?.get('displayname')
    const avatar = fields?.get('avatar_url')
    return {
      ...(typeof displayname === 'string' && { displayname }),
      ...(typeof avatar === 'string' && avatar !== '' && { avatar_url: avatar }),
    }
  }

  /** Every field; undefined when this server has no such user. */
  async fields(userId: UserId): Promise<JsonObject | undefined> {
    const fields = await this.#load(userId)
    return fields && Object.fromEntries(fields)
  }

  /** Sets the display name, or removes it with `null`. */
  async setDisplayName(requester: Requester, name: string | null): Promise<void> {
    if (name === null) await this.removeField(requester, 'displayname')
    else await this.setField(requester, 'displayname', name)
  }

  /**
   * @throws {MatrixError} 400 `M_INVALID_PARAM`, `M_BAD_JSON`, `M_KEY_TOO_LARGE`,
   *   `M_PROFILE_TOO_LARGE`
   */
  async setField(requester: Requester, name: string, value: JsonValue): Promise<void> {
    requireFieldName(name)
    requireFieldValue(name, value)
    await this.#change(requester, name, (fields) => fields.set(name, value))
  }

  /** Removes a field; one that is not there is fine. @throws {MatrixError} see {@link setField} */
  async removeField(requester: Requester, name: string): Promise<void> {
    requireFieldName(name)
    await this.#change(requester, name, (fields) => fields.delete(name))
  }

  /** Deletes a user's profile within a transaction; an invalidation of the user must follow it. */
  async deleteWithin(tx: Tx, user: UserKey): Promise<void> {
    await store.deleteFields(tx, user)
  }

  async #load(userId: UserId): Promise<store.Fields | undefined> {
    const known = this.#cache.get(userId)
    if (known !== undefined) return known
    const generation = this.#generation
    const fields = await store.fieldsOf(this.#deps.db, userId)
    if (fields !== undefined && generation === this.#generation) this.#cache.set(userId, fields)
    return fields
  }

  async #change(
    requester: Requester,
    name: string,
    change: (fields: Map<string, JsonValue>) => void,
  ): Promise<void> {
    const changed = await transaction(this.#deps.db, async (tx) => {
      const before = await store.lockFields(tx, requester.user)
      const fields = new Map(before)
      change(fields)
      if (JSON.stringify(fields.get(name)) === JSON.stringify(before.get(name))) return false
      requireSize(fields)
      await store.writeFields(tx, requester.user, fields)
      return true
    })
    if (!changed) return
    await this.#invalidate(requester.user)
    if (name === 'displayname' || name === 'avatar_url') {
      await this.#deps.onChange(requester.userId)
    }
  }

  async #invalidate(user: UserKey): Promise<void> {
    await this.#deps.log.append([{ kind: 'invalidation', what: 'user', key: String(user) }])
  }
}

function requireSize(fields: store.Fields): void {
  const text = JSON.stringify(Object.fromEntries(fields))
  if (Buffer.byteLength(text) < MAX_BYTES) return
  throw new MatrixError(400, 'M_PROFILE_TOO_LARGE', 'A profile must be smaller than 64 KiB.')
}

export const createProfiles = (deps: ProfilesDeps): Profiles => new Profiles(deps)
