import { isRoomId } from '#matrix/ids.ts'
import { own, type JsonObject } from '#matrix/json.ts'
import type { StateEvent } from '#room-state/types.ts'
import type { SpaceChild } from './types.ts'

const VALID_ORDER = /^[\x20-\x7e]{1,50}$/

/**
 * The valid children among a space's `m.space.child` events, in the order in which they are to be shown.
 * https://spec.matrix.org/v1.19/client-server-api/#ordering-of-children-within-a-space
 */
export function childrenOf(
  events: readonly StateEvent[],
  { suggestedOnly }: { readonly suggestedOnly: boolean },
): SpaceChild[] {
  const children = events.flatMap(childOf)
  const wanted = suggestedOnly
    ? children.filter(({ content }) => own(content, 'suggested') === true)
    : children
  return wanted.sort(compareChildren)
}

function childOf(event: StateEvent): SpaceChild[] {
  const { type, stateKey, senderId, ts } = event
  if (!isRoomId(stateKey)) return []
  const { content } = event.roomEvent()
  if (!hasVia(content)) return []
  return [{ type, state_key: stateKey, content, sender: senderId, origin_server_ts: ts }]
}

/** A link without servers to go through has been taken away. */
function hasVia(content: JsonObject): boolean {
  const via = own(content, 'via')
  return Array.isArray(via) && via.every((server) => typeof server === 'string')
}

function compareChildren(a: SpaceChild, b: SpaceChild): number {
  const [left, right] = [orderOf(a), orderOf(b)]
  if (left !== right) {
    if (left === undefined) return 1
    if (right === undefined) return -1
    return left < right ? -1 : 1
  }
  if (a.origin_server_ts !== b.origin_server_ts) return a.origin_server_ts - b.origin_server_ts
  return a.state_key < b.state_key ? -1 : 1
}

function orderOf({ content }: SpaceChild): string | undefined {
  const order = own(content, 'order')
  return typeof order === 'string' && VALID_ORDER.test(order) ? order : undefined
}
