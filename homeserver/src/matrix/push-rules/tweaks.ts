import { isJsonObject, own } from '../json.ts'
import type { JsonObject, JsonValue } from '../json.ts'

/**
 * The `tweaks` that actions set, as a push gateway is told them. One without a value means nothing,
 * but for `highlight`, whose value is then true.
 * https://spec.matrix.org/v1.19/client-server-api/#actions
 */
export function tweaksOf(actions: readonly JsonValue[]): JsonObject {
  const tweaks = actions.flatMap((action): [string, JsonValue][] => {
    if (!isJsonObject(action)) return []
    const name = own(action, 'set_tweak')
    if (typeof name !== 'string') return []
    const value = own(action, 'value') ?? (name === 'highlight' ? true : undefined)
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(tweaks)
}
