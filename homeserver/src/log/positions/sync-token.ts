import { invalidParam } from '#matrix/errors.ts'
import type { SyncToken } from '../types.ts'

const GRAMMAR =
  /^s(?<tag>\d{1,9})_(?<pos>\d{1,15}(?:\.\d{1,15})*)(?:_d(?<inbox>\d{1,15}))?(?:_x(?<boot>[A-Za-z0-9]{1,32})\.(?<n>\d{1,15})(?:\.(?<shown>[a-z0-9]{1,7}))?)?(?:_p(?<presence>\d{1,15}))?$/

/** Writes `s<tag>_<pos>[_d<inbox>][_x<boot>.<n>[.<shown>]][_p<n>]`. */
export function encodeSyncToken(token: SyncToken): string {
  let text = `s${token.tag}_${[token.pos, ...(token.otherLogs ?? [])].join('.')}`
  if (token.inbox !== undefined) text += `_d${token.inbox}`
  if (token.ephemeral !== undefined) {
    const { boot, n, shown } = token.ephemeral
    text += `_x${boot}.${n}${shown === undefined ? '' : `.${shown}`}`
  }
  return token.presence === undefined ? text : `${text}_p${token.presence}`
}

/**
 * Reads a `since` token. Positions of a split log, `p1.p2…`, are accepted; `otherLogs` has the rest.
 * @throws {MatrixError} 400 `M_INVALID_PARAM` when it is no token of ours
 */
export function parseSyncToken(text: string): SyncToken {
  const groups = GRAMMAR.exec(text)?.groups
  if (groups === undefined) throw invalidParam('The sync token is malformed.')
  const { tag, pos, inbox, boot, n, shown, presence } = groups
  const [first = 0, ...rest] = (pos ?? '').split('.').map(Number)
  return {
    tag: Number(tag),
    pos: first,
    inbox: inbox === undefined ? undefined : Number(inbox),
    ephemeral:
      boot === undefined
        ? undefined
        : { boot, n: Number(n), ...(shown !== undefined && { shown }) },
    ...(presence !== undefined && { presence: Number(presence) }),
    ...(rest.length > 0 && { otherLogs: rest }),
  }
}
