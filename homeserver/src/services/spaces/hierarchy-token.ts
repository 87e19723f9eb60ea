import { invalidParam } from '#matrix/errors.ts'
import { isRoomId, type RoomId } from '#matrix/ids.ts'

/** Where paging through a hierarchy goes on, and of which hierarchy. */
export interface HierarchyPlace {
  readonly root: RoomId
  readonly maxDepth: number
  readonly suggestedOnly: boolean
  /** Rooms that the pages before had. */
  readonly skip: number
}

const FORM = /^(\d{1,4}) (\d{1,4}) ([ts]) (.+)$/su

export function encodePlace({ root, maxDepth, suggestedOnly, skip }: HierarchyPlace): string {
  const text = `${skip} ${maxDepth} ${suggestedOnly ? 's' : 't'} ${root}`
  return Buffer.from(text, 'utf8').toString('base64url')
}

/** @throws {MatrixError} 400 `M_INVALID_PARAM` for what {@link encodePlace} has not made */
export function parsePlace(token: string): HierarchyPlace {
  const text = Buffer.from(token, 'base64url').toString('utf8')
  const [, skip, maxDepth, which, root] = FORM.exec(text) ?? []
  if (root === undefined || !isRoomId(root)) throw invalidParam('from: not a token of this server.')
  return { root, maxDepth: Number(maxDepth), suggestedOnly: which === 's', skip: Number(skip) }
}
