import type { StateKeyString } from './pdu.ts'

/** Joins type and state key into one map key. */
export function stateKeyString(type: string, stateKey: string): StateKeyString {
  return `${type}\0${stateKey}` as StateKeyString
}

/** The inverse of {@link stateKeyString}: `[type, stateKey]`. */
export function splitStateKey(key: StateKeyString): [string, string] {
  const nul = key.indexOf('\0')
  return [key.slice(0, nul), key.slice(nul + 1)]
}
