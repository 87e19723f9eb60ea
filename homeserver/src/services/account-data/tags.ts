import { sql, type Kysely } from 'kysely'
import { transaction, type Schema } from '#db/db.ts'
import type { LogReads } from '#log/reads.ts'
import type { Log, RoomKey, UserKey } from '#log/types.ts'
import { tooLarge } from '#matrix/errors.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { isJsonObject, own, type JsonObject } from '#matrix/json.ts'

export interface TagsDeps {
  readonly db: Kysely<Schema>
  readonly log: Pick<Log, 'append'>
  readonly reads: Pick<LogReads, 'accountData'>
}

const TYPE = 'm.tag'
/** All tags of a room as JSON text: some thousand. */
const MAX_LENGTH = 256 * 1024
/** First key of the advisory locks under which a user's tags are changed. */
const LOCK_CLASS = 4_820_102

type TagMap = Map<string, JsonObject>

/**
 * What users label their rooms with. Kept as the room's account data `m.tag`, so that every device is
 * told by the log.
 * https://spec.matrix.org/v1.19/client-server-api/#room-tagging
 */
export class Tags {
  readonly #deps: TagsDeps

  constructor(deps: TagsDeps) {
    this.#deps = deps
  }

  /** The tags of a room and what the user keeps with each, such as `order`. */
  async of(user: UserKey, room: RoomKey): Promise<JsonObject> {
    return Object.fromEntries(await this.#read(user, room))
  }

  /**
   * Adds or replaces a tag.
   * @throws {MatrixError} 413 `M_TOO_LARGE` when the room has too many
   */
  async set(user: UserKey, room: RoomKey, tag: string, content: JsonObject): Promise<void> {
    await this.#edit(user, room, (tags) => {
      tags.set(tag, content)
      return true
    })
  }

  /** Takes a tag off; one that is not there is no error. */
  async delete(user: UserKey, room: RoomKey, tag: string): Promise<void> {
    await this.#edit(user, room, (tags) => tags.delete(tag))
  }

  /** Changes are made one after another, whichever workers they come to. */
  async #edit(user: UserKey, room: RoomKey, change: (tags: TagMap) => boolean): Promise<void> {
    const { db, log } = this.#deps
    await transaction(db, async (tx) => {
      await sql`SELECT pg_advisory_xact_lock(${LOCK_CLASS}::int, hashint8(${user}::bigint))`.execute(
        tx,
      )
      const tags = await this.#read(user, room)
      if (!change(tags)) return
      const content = JSON.stringify({ tags: Object.fromEntries(tags) })
      if (content.length > MAX_LENGTH) throw tooLarge('The room has too many tags.')
      await log.append([{ kind: 'account_data', user, room, type: TYPE, content }])
    })
  }

  /** What clients wrote otherwise, as account data, counts as far as it has the form of tags. */
  async #read(user: UserKey, room: RoomKey): Promise<TagMap> {
    const stored = await this.#deps.reads.accountData(user, room, TYPE)
    const content = stored && parseJson(stored.content)
    const tags = isJsonObject(content) ? own(content, 'tags') : undefined
    if (!isJsonObject(tags)) return new Map()
    return new Map(
      Object.entries(tags).flatMap(([tag, value]) => (isJsonObject(value) ? [[tag, value]] : [])),
    )
  }
}

/** Makes the service. */
export const createTags = (deps: TagsDeps): Tags => new Tags(deps)
