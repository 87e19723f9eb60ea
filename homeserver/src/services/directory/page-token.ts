import { invalidParam } from '#matrix/errors.ts'

/** A place between two rooms of the directory, and which way to read from there. */
export interface PageToken {
  /** `n`: what comes after the room named here; `p`: what comes before it. */
  readonly dir: 'n' | 'p'
  readonly joined: number
  readonly room: number
}

export const encodePageToken = ({ dir, joined, room }: PageToken): string =>
  `${dir}${joined}_${room}`

/** @throws {MatrixError} 400 `M_INVALID_PARAM` for what is no token of this server */
export function parsePageToken(text: string): PageToken {
  const [, dir, joined, room] = /^([np])(\d{1,9})_(\d{1,15})$/.exec(text) ?? []
  if (dir === undefined) throw invalidParam('since: Not a token of this server')
  return { dir: dir === 'p' ? 'p' : 'n', joined: Number(joined), room: Number(room) }
}
