import type { RoomAlias } from '#matrix/ids.ts'
import { own, type JsonObject } from '#matrix/json.ts'

/** What `m.room.canonical_alias` says in both rooms once aliases have moved; undefined: no change. */
export interface CanonicalAliases {
  readonly next: JsonObject | undefined
  readonly old: JsonObject | undefined
}

/** Splits an `m.room.canonical_alias` content by which aliases have moved. */
export function splitAliases(
  content: JsonObject | undefined,
  moved: readonly RoomAlias[],
): CanonicalAliases {
  if (content === undefined || moved.length === 0) return { next: undefined, old: undefined }
  const hasMoved: ReadonlySet<unknown> = new Set(moved)
  const next = keepAliases(content, (alias) => hasMoved.has(alias))
  if (next === undefined) return { next, old: undefined }
  return { next, old: keepAliases(content, (alias) => !hasMoved.has(alias)) ?? {} }
}

function keepAliases(
  content: JsonObject,
  keeps: (alias: unknown) => boolean,
): JsonObject | undefined {
  const alias = own(content, 'alias')
  const all = own(content, 'alt_aliases')
  const others = Array.isArray(all) ? all.filter(keeps) : []
  const isKept = typeof alias === 'string' && alias !== '' && keeps(alias)
  if (!isKept && others.length === 0) return undefined
  return { ...(isKept && { alias }), ...(others.length > 0 && { alt_aliases: others }) }
}
