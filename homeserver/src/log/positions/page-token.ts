import { invalidParam } from '#matrix/errors.ts'
import type { Topological } from '../reads.ts'

const GRAMMAR = /^t(\d{1,15})_(-?\d{1,15})$/

/** Writes `t<depth>_<pos>`, a token of `/messages`. */
export function encodePageToken(place: Topological): string {
  return `t${place.depth}_${place.pos}`
}

/**
 * Reads a token of `/messages`.
 * @throws {MatrixError} 400 `M_INVALID_PARAM` when it is no such token
 */
export function parsePageToken(text: string): Topological {
  const match = GRAMMAR.exec(text)
  if (match === null) throw invalidParam('The pagination token is malformed.')
  return { depth: Number(match[1]), pos: Number(match[2]) }
}
