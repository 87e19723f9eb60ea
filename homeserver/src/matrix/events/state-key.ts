import type { StateKeyString } from './pdu.ts'

/** Joins type and state key into one map key. */
export function stateKeyString(type: string, stateKey: string): StateKeyString {
  return `${type}\0${stateKey}` as StateKeyString
}
