import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import type { z } from 'zod'
import type { Db } from '#db/db.ts'
import type { Log, UserKey } from '#log/types.ts'
import { invalidParam } from '#matrix/errors.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import type { JsonObject } from '#matrix/json.ts'
import { filterSchema, roomEventFilterSchema, type Filter, type RoomEventFilter } from './schema.ts'
import { filterById, putFilter } from './store.ts'

export interface FiltersDeps {
  readonly db: Db
  readonly log: Pick<Log, 'onReset'>
}

const MAX_CACHED = 5_000

/** Filters that clients stored, and such as they give inline. */
export class Filters {
  readonly #db: Db
  /** A stored filter never changes, but after a failover its id may be another's. */
  readonly #cache = new LRUCache<string, Filter>(upTo(MAX_CACHED))

  constructor(deps: FiltersDeps) {
    this.#db = deps.db
    deps.log.onReset(() => this.#cache.clear())
  }

  /**
   * An inline filter of `/sync`.
   * @throws {MatrixError} 400 `M_INVALID_PARAM`
   */
  parse(json: string): Filter {
    return parseAs(filterSchema, json)
  }

  /** An inline filter of `/messages` and the like. @throws {MatrixError} see {@link parse} */
  parseRoomEventFilter(json: string): RoomEventFilter {
    return parseAs(roomEventFilterSchema, json)
  }

  /** Stores a filter that was validated; the same one keeps its id. */
  async add(user: UserKey, definition: JsonObject): Promise<string> {
    const text = JSON.stringify(definition)
    const row = { user_key: user, hash: hash('sha256', text, 'buffer'), definition: text }
    return String(await putFilter(this.#db, row))
  }

  /** A stored filter as text, exactly as it was defined; undefined when the user has none of this id. */
  async definition(user: UserKey, id: string): Promise<string | undefined> {
    return /^\d{1,15}$/.test(id) ? await filterById(this.#db, user, Number(id)) : undefined
  }

  /** A stored filter; undefined when the user has none of this id. */
  async get(user: UserKey, id: string): Promise<Filter | undefined> {
    const key = `${user} ${id}`
    const known = this.#cache.get(key)
    if (known !== undefined) return known
    const definition = await this.definition(user, id)
    if (definition === undefined) return undefined
    const filter = this.parse(definition)
    this.#cache.set(key, filter)
    return filter
  }
}

function parseAs<S extends z.ZodType>(schema: S, json: string): z.output<S> {
  const result = schema.safeParse(readJson(json))
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw invalidParam(`filter: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
}

function readJson(json: string): unknown {
  try {
    return parseJson(json)
  } catch (error) {
    if (error instanceof SyntaxError) throw invalidParam('filter: not valid JSON')
    throw error
  }
}

export const createFilters = (deps: FiltersDeps): Filters => new Filters(deps)
