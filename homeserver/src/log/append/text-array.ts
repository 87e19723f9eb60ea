/** Of Postgres' `text`. */
const TEXT_OID = 25
const HEADER_BYTES = 20

/**
 * A `text[]` parameter in Postgres' binary form; undefined becomes NULL. These carry every stored
 * event: neither side has to quote its quotes.
 * https://www.postgresql.org/docs/current/protocol-overview.html#PROTOCOL-FORMAT-CODES
 */
export function textArray(values: readonly (string | undefined)[]): Buffer {
  const lengths = values.map((value) => (value === undefined ? -1 : Buffer.byteLength(value)))
  const size = lengths.reduce((sum, length) => sum + 4 + Math.max(0, length), HEADER_BYTES)
  const buffer = Buffer.allocUnsafe(size)
  let at = writeHeader(buffer, values.length, lengths.includes(-1))
  for (let index = 0; index < values.length; index++) {
    at = buffer.writeInt32BE(lengths[index] ?? -1, at)
    at += buffer.write(values[index] ?? '', at)
  }
  return buffer
}

/** One dimension, counted from 1. */
function writeHeader(buffer: Buffer, length: number, hasNull: boolean): number {
  let at = buffer.writeInt32BE(1, 0)
  at = buffer.writeInt32BE(hasNull ? 1 : 0, at)
  at = buffer.writeInt32BE(TEXT_OID, at)
  at = buffer.writeInt32BE(length, at)
  return buffer.writeInt32BE(1, at)
}
