import type { RoomInfo, RoomKey } from '#log/types.ts'
import type { RoomId } from '#matrix/ids.ts'
import { childrenOf } from './children.ts'
import type { Discoverable } from './discoverable.ts'
import { isSpace, readFacts } from './room-facts.ts'
import type { RoomFacts, SpaceChild, SpacesDeps } from './types.ts'

/** Rooms of one hierarchy; what lies further down is left out. */
const MAX_ROOMS = 1000

/** A room of a hierarchy. */
export interface HierarchyRoom {
  readonly facts: RoomFacts
  /** Of a space; empty for other rooms. */
  readonly children: readonly SpaceChild[]
}

export interface WalkOptions {
  /** Steps from the root down to the deepest room. */
  readonly maxDepth: number
  readonly suggestedOnly: boolean
}

/**
 * The rooms under a space that the viewer may find, each once, depth first. Read level by level, so that
 * the number of statements depends on the depth only, however many rooms there are.
 * https://spec.matrix.org/v1.19/client-server-api/#discovering-rooms-within-spaces
 */
export async function walk(
  root: RoomInfo,
  options: WalkOptions,
  discoverable: Discoverable,
  deps: SpacesDeps,
): Promise<HierarchyRoom[]> {
  const rooms = new Map<RoomId, HierarchyRoom>()
  const seen = new Set<RoomId>([root.roomId])
  let level: readonly RoomInfo[] = [root]
  for (let depth = 0; level.length > 0; depth++) {
    const found = await readLevel(level, options, discoverable, deps)
    for (const room of found) rooms.set(room.facts.info.roomId, room)
    if (depth >= options.maxDepth) break
    const below = newChildren(found, seen)
    level = [...(await deps.dictionary.roomsById(below)).values()]
  }
  return depthFirst(root.roomId, rooms)
}

/** The children that have not been met yet, as many as still fit. */
function newChildren(found: readonly HierarchyRoom[], seen: Set<RoomId>): RoomId[] {
  const below: RoomId[] = []
  for (const { children } of found) {
    for (const { state_key: roomId } of children) {
      if (seen.size >= MAX_ROOMS) return below
      if (seen.has(roomId)) continue
      seen.add(roomId)
      below.push(roomId)
    }
  }
  return below
}

async function readLevel(
  rooms: readonly RoomInfo[],
  options: WalkOptions,
  discoverable: Discoverable,
  deps: SpacesDeps,
): Promise<HierarchyRoom[]> {
  const all = [...(await readFacts(rooms, deps)).values()]
  const allowed = await Promise.all(all.map((facts) => discoverable.includes(facts)))
  const visible = all.filter((_, index) => allowed[index] === true)
  const children = await readChildren(visible.filter(isSpace), options, deps)
  return visible.map((facts) => ({ facts, children: children.get(facts.info.key) ?? [] }))
}

async function readChildren(
  spaces: readonly RoomFacts[],
  options: WalkOptions,
  { roomStates }: SpacesDeps,
): Promise<Map<RoomKey, SpaceChild[]>> {
  if (spaces.length === 0) return new Map()
  const states = await roomStates.currentOfMany(
    spaces.map(({ info }) => info.key),
    [{ type: 'm.space.child' }],
  )
  return new Map(
    Array.from(states, ([room, events]) => [room, childrenOf(events, options)] as const),
  )
}

/** Loops end because no room comes twice. */
function depthFirst(root: RoomId, rooms: ReadonlyMap<RoomId, HierarchyRoom>): HierarchyRoom[] {
  const ordered = new Set<HierarchyRoom>()
  const waiting: RoomId[] = [root]
  for (let roomId = waiting.pop(); roomId !== undefined; roomId = waiting.pop()) {
    const room = rooms.get(roomId)
    if (room === undefined || ordered.has(room)) continue
    ordered.add(room)
    waiting.push(...room.children.map(({ state_key }) => state_key).reverse())
  }
  return [...ordered]
}
