import { LRUCache } from 'lru-cache'
import { EventFlag } from '#log/types.ts'
import type { Contexts } from './contexts.ts'
import type { Point, RoomKey, RoomStateDeps, StoredEvent } from './deps.ts'
import type { EventLoader } from './event-loader.ts'
import type { Lines } from './lines.ts'
import type { RoomStates, StateEvent } from './types.ts'
import { upTo } from '#log/caches/up-to.ts'

type HistoricState = Pick<
  RoomStates,
  'at' | 'firstOfKey' | 'fullAt' | 'pointBefore' | 'pointAtPos' | 'delta'
>

const MOST_VALUES = 50_000

/** State at points of the past. A point's state never changes, so what was read stays right. */
export function createHistoricState(deps: {
  readonly log: RoomStateDeps['log']
  readonly reads: RoomStateDeps['reads']
  readonly internals: RoomStateDeps['internals']
  readonly lines: Lines
  readonly loader: EventLoader
  readonly contexts: Contexts
}): HistoricState {
  const { log, reads, internals, lines, loader, contexts } = deps
  const { names } = internals
  const values = new LRUCache<string, { readonly ev: number | undefined }>(upTo(MOST_VALUES))
  const firsts = new LRUCache<number, { readonly point: Point | undefined }>(upTo(MOST_VALUES))
  log.onReset(() => {
    values.clear()
    firsts.clear()
  })

  const keyAt = async (point: Point, key: number): Promise<number | undefined> => {
    const id = `${point.line} ${point.idx} ${key}`
    const cached = values.get(id)
    if (cached !== undefined) return cached.ev
    const ev = await lines.keyAt(point, key)
    values.set(id, { ev })
    return ev
  }

  const events = async (positions: readonly number[]): Promise<StateEvent[]> =>
    Array.from((await loader.byPos(positions)).values())

  return {
    async at(point, type, stateKey) {
      await names.find([{ type, stateKey }])
      const key = names.stateKeyKey(type, stateKey)
      if (key === undefined) return undefined
      const ev = await keyAt(point, key)
      return ev === undefined ? undefined : (await loader.byPos([ev])).get(ev)
    },

    async firstOfKey(positions) {
      const unknown = positions.filter((pos) => !firsts.has(pos))
      if (unknown.length > 0) {
        const found = await lines.firstOfKey(unknown)
        for (const pos of unknown) firsts.set(pos, { point: found.get(pos) })
      }
      const known = new Map<number, Point>()
      for (const pos of positions) {
        const point = firsts.get(pos)?.point
        if (point !== undefined) known.set(pos, point)
      }
      return known
    },

    async fullAt(point) {
      return await events(Array.from((await lines.stateAt(point)).values()))
    },

    pointBefore(event: StoredEvent) {
      const { point } = event
      const isRejected = (event.flags & EventFlag.rejected) !== 0
      if (point === undefined || event.stateKey === undefined || isRejected) return point
      return { line: point.line, idx: point.idx - 1 }
    },

    async pointAtPos(room: RoomKey, pos: number) {
      const standing = contexts.peek(room)
      const head = reads.roomHead(room)
      if (standing !== undefined && head !== undefined && head <= pos) return standing.point
      const { events: newest } = await reads.roomTail(room, { after: 0, upTo: pos, limit: 1 })
      const last = newest.at(-1)?.event
      return last?.current ?? last?.point
    },

    async delta(from, to) {
      return await events(await lines.delta(from, to))
    },
  }
}
