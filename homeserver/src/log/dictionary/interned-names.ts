import { LRUCache } from 'lru-cache'
import type { Statement } from '#db/pipelined-client.ts'
import type { Reader } from '../read/connections.ts'
import { upTo } from '../caches/up-to.ts'

/** An event type with a state key, or alone for messages. */
export interface TypeAndKey {
  readonly type: string
  readonly stateKey: string | undefined
}

interface StateKeyName {
  readonly type: string
  readonly stateKey: string
}

const MAKE: Statement = {
  name: 'names_make',
  text: `
    WITH wanted AS (SELECT * FROM unnest($1::text[], $2::text[]) AS w(type, state_key)),
    types AS (
      INSERT INTO event_types (type)
      SELECT DISTINCT w.type FROM wanted w
      WHERE NOT EXISTS (SELECT FROM event_types t WHERE t.type = w.type)
      ON CONFLICT DO NOTHING RETURNING key, type),
    all_types AS (SELECT * FROM types UNION
      SELECT t.key, t.type FROM event_types t WHERE t.type IN (SELECT w.type FROM wanted w)),
    keys AS (
      INSERT INTO state_keys (type, state_key)
      SELECT DISTINCT t.key, w.state_key FROM wanted w JOIN all_types t ON t.type = w.type
      WHERE w.state_key IS NOT NULL AND NOT EXISTS (
        SELECT FROM state_keys k WHERE k.type = t.key AND k.state_key = w.state_key)
      ON CONFLICT DO NOTHING RETURNING key, type, state_key)
    SELECT w.type, w.state_key, t.key AS type_key, coalesce(n.key, k.key) AS key
    FROM wanted w
    LEFT JOIN all_types t ON t.type = w.type
    LEFT JOIN keys n ON n.type = t.key AND n.state_key = w.state_key
    LEFT JOIN state_keys k ON k.type = t.key AND k.state_key = w.state_key`,
}

const FIND: Statement = {
  name: 'names_find',
  text: `SELECT t.type, k.state_key, t.key AS type_key, k.key
    FROM unnest($1::text[], $2::text[]) AS w(type, state_key)
    JOIN event_types t ON t.type = w.type
    LEFT JOIN state_keys k ON k.type = t.key AND k.state_key = w.state_key`,
}

const TYPES_BY_KEY: Statement = {
  name: 'types_by_key',
  text: 'SELECT key, type FROM event_types WHERE key = ANY ($1::int[])',
}

const STATE_KEYS_BY_KEY: Statement = {
  name: 'state_keys_by_key',
  text: `SELECT k.key, t.key AS type_key, t.type, k.state_key
    FROM state_keys k JOIN event_types t ON t.key = k.type WHERE k.key = ANY ($1::int[])`,
}

interface NameRow {
  readonly type: string
  readonly state_key: string | null
  readonly type_key: number | null
  readonly key: number | null
}

/** Interned event types and state keys, cached. Rows are never changed or deleted. */
export class InternedNames {
  readonly #reader: Reader
  readonly #typeKeys = new LRUCache<string, number>(upTo(10_000))
  readonly #types = new LRUCache<number, string>(upTo(10_000))
  readonly #stateKeyKeys = new LRUCache<string, number>(upTo(50_000))
  readonly #stateKeys = new LRUCache<number, StateKeyName>(upTo(50_000))

  constructor(reader: Reader) {
    this.#reader = reader
  }

  /** Key of a type, when cached. */
  typeKey(type: string): number | undefined {
    return this.#typeKeys.get(type)
  }

  /** Key of a type with a state key, when cached. */
  stateKeyKey(type: string, stateKey: string): number | undefined {
    return this.#stateKeyKeys.get(`${type}\0${stateKey}`)
  }

  typeOf(key: number): string | undefined {
    return this.#types.get(key)
  }

  stateKeyOf(key: number): StateKeyName | undefined {
    return this.#stateKeys.get(key)
  }

  isCached(name: TypeAndKey): boolean {
    return name.stateKey === undefined
      ? this.#typeKeys.has(name.type)
      : this.#stateKeyKeys.has(`${name.type}\0${name.stateKey}`) && this.#typeKeys.has(name.type)
  }

  /** Makes what is new and caches all; writes through the given connection. */
  async make(names: readonly TypeAndKey[], writer: Reader): Promise<void> {
    const missing = names.filter((name) => !this.isCached(name))
    // a row that another worker made at this moment is seen only by the next statement
    for (let rest = missing; rest.length > 0; rest = rest.filter((n) => !this.isCached(n))) {
      this.#remember(await writer.query<NameRow>(MAKE, columns(rest)))
    }
  }

  /** Finds without making; what the database lacks stays unknown. */
  async find(names: readonly TypeAndKey[]): Promise<void> {
    const missing = names.filter((name) => !this.isCached(name))
    if (missing.length > 0) {
      this.#remember(await this.#reader.query<NameRow>(FIND, columns(missing)))
    }
  }

  /** Caches types by key, for decoding rows. */
  async loadTypes(keys: readonly number[]): Promise<void> {
    const rows = await this.#reader.query<{ key: number; type: string }>(TYPES_BY_KEY, [keys])
    for (const row of rows) this.#rememberType(row.key, row.type)
  }

  /** Caches state keys by key, for decoding rows. */
  async loadStateKeys(keys: readonly number[]): Promise<void> {
    this.#remember(await this.#reader.query<NameRow>(STATE_KEYS_BY_KEY, [keys]))
  }

  /** See `DatabaseDictionary.clear`. */
  clear(): void {
    this.#typeKeys.clear()
    this.#types.clear()
    this.#stateKeyKeys.clear()
    this.#stateKeys.clear()
  }

  #remember(rows: readonly NameRow[]): void {
    for (const row of rows) {
      if (row.type_key === null) continue
      const type = this.#rememberType(row.type_key, row.type)
      if (row.key === null || row.state_key === null) continue
      this.#stateKeyKeys.set(`${type}\0${row.state_key}`, row.key)
      this.#stateKeys.set(row.key, { type, stateKey: row.state_key })
    }
  }

  /** One string object per type, however many rows name it. */
  #rememberType(key: number, type: string): string {
    const known = this.#types.get(key) ?? type
    this.#types.set(key, known)
    this.#typeKeys.set(known, key)
    return known
  }
}

function columns(names: readonly TypeAndKey[]): unknown[] {
  return [names.map((name) => name.type), names.map((name) => name.stateKey ?? null)]
}
