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
  const pairs = new Pairs(bytes)
  while (pairs.next()) state.set(pairs.key, pairs.position)
  return state
}

/**
 * The position of one key, without building the whole state.
 * @throws {RangeError} when the bytes end within a pair
 */
export function checkpointEntry(bytes: Uint8Array, key: number): number | undefined {
  const pairs = new Pairs(bytes)
  while (pairs.next()) if (pairs.key >= key) return pairs.key === key ? pairs.position : undefined
  return undefined
}

/** Goes through the pairs of a checkpoint without making an object for each. */
class Pairs {
  readonly #bytes: Uint8Array
  #at = 0
  key = 0
  #coded = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  next(): boolean {
    if (this.#at === this.#bytes.length) return false
    this.key += this.#varint()
    this.#coded = this.#varint()
    return true
  }

  get position(): number {
    return this.#coded % 2 === 1 ? -(this.#coded + 1) / 2 : this.#coded / 2
  }

  #varint(): number {
    let value = 0
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new RangeError('The checkpoint ends too early.')
      value += (byte & 127) * unit
      if (byte < 128) return value
    }
  }
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
