/**
 * Full states as bytes: pairs of (key, event position), sorted by key, each pair as two varints:
 * the key's distance from the one before, and the position with its sign in the lowest bit.
 */

/** @param state event position by interned state key */
export function encodeCheckpoint(state: ReadonlyMap<number, number>): Buffer {
  const bytes: number[] = []
  let last = 0
  for (const [key, position] of Array.from(state).sort(([a], [b]) => a - b)) {
    writeVarint(bytes, key - last)
    writeVarint(bytes, position < 0 ? -position * 2 - 1 : position * 2)
    last = key
  }
  return Buffer.from(bytes)
}

/** @throws {RangeError} when the bytes end within a pair */
export function decodeCheckpoint(bytes: Uint8Array): Map<number, number> {
  const state = new Map<number, number>()
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let unit = 1; ; unit *= 128) {
      const byte = bytes[at++]
      if (byte === undefined) throw new RangeError('The checkpoint ends too early.')
      value += (byte & 127) * unit
      if (byte < 128) return value
    }
  }
  let key = 0
  while (at < bytes.length) {
    key += varint()
    const coded = varint()
    state.set(key, coded % 2 === 1 ? -(coded + 1) / 2 : coded / 2)
  }
  return state
}

/** Arithmetic instead of shifts: positions go beyond 32 bits. */
function writeVarint(bytes: number[], value: number): void {
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
}
