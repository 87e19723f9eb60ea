import type { EventRow } from '#log/read/event-columns.ts'
import { notFound } from '#matrix/errors.ts'
import { stateKeyString } from '#matrix/events/state-key.ts'
import { Checkpoints } from './checkpoints.ts'
import { Contexts } from './contexts.ts'
import { CURRENT, CURRENT_OF_ALL, CURRENT_OF_KEYS, CURRENT_OF_SOME } from './current-statements.ts'
import { CurrentValues } from './current-values.ts'
import type { RoomKey, RoomStateDeps } from './deps.ts'
import { EventLoader } from './event-loader.ts'
import { createHistoricState } from './historic-state.ts'
import { Lines } from './lines.ts'
import { Merger } from './placement/merger.ts'
import { Placer } from './placement/placer.ts'
import type { RoomStates, StateEvent } from './types.ts'

export type { RoomStateDeps } from './deps.ts'

/** Room state over the log: caches follow it, the rest is read from Postgres. */
export function createRoomStates(deps: RoomStateDeps): RoomStates & {
  /** Finds the place of events that fork, join branches or come from other servers. */
  readonly placer: Placer
  /** Resolves once background work is done. */
  idle(): Promise<void>
} {
  const { log, reads, dictionary, internals } = deps
  const { reader, decoder } = internals
  const loader = new EventLoader({ reads, dictionary })
  const contexts = new Contexts(internals)
  const values = new CurrentValues({ internals, loader })
  const lines = new Lines(internals)
  const checkpoints = new Checkpoints({ ...internals, lines })
  const merger = new Merger({ reads, dictionary, names: internals.names })
  const placer = new Placer({ reads, dictionary, internals, lines, resolver: merger })
  log.subscribe((entries) => {
    loader.apply(entries)
    for (const entry of entries) {
      if (entry.kind !== 'event') continue
      for (const follower of [contexts, values, checkpoints]) follower.apply(entry)
    }
  })
  log.onReset(() => {
    for (const cache of [loader, contexts, values, merger, placer]) cache.clear()
  })

  const read = async (...query: Parameters<typeof reader.query>): Promise<StateEvent[]> =>
    await loader.wrap(async () => decoder.events(await reader.query<EventRow>(...query)))

  /** By position, because the events of many rooms are mostly in memory. */
  const byPosition = async (...query: Parameters<typeof reader.query>) => {
    const rows = await reader.query<{ ev: number }>(...query)
    return (await loader.byPos(rows.map(({ ev }) => ev))).values()
  }

  const eventsOf = async (
    rooms: readonly RoomKey[],
    filter: readonly KeyFilter[] | undefined,
    notTypes: readonly string[],
  ): Promise<Iterable<StateEvent>> => {
    if (filter === undefined) return await byPosition(CURRENT_OF_ALL, [rooms, notTypes])
    const [types = [], stateKeys = [], whole = []] = wanted(filter, notTypes)
    return whole.length === 0
      ? await byPosition(CURRENT_OF_KEYS, [rooms, types, stateKeys])
      : await read(CURRENT_OF_SOME, [rooms, types, stateKeys, whole])
  }

  return {
    ...createHistoricState({ log, reads, internals, lines, loader, contexts }),

    async context(room) {
      const info = await dictionary.roomByKey(room)
      const standing = await contexts.get(room)
      if (standing === undefined) throw notFound('The room is not known.')
      return {
        info,
        ...standing,
        depth: Math.max(0, ...standing.extremities.map((ref) => ref.depth)),
        state: (type, stateKey) => values.get(room, type, stateKey),
        states: (keys) =>
          values.getMany(
            room,
            keys.map(([type, stateKey]) => stateKeyString(type, stateKey)),
          ),
      }
    },

    current: (room) => read(CURRENT, [room]),

    currentOf: (room, type, stateKey) => values.get(room, type, stateKey),

    async currentOfMany(rooms, filter, options) {
      const notTypes = options?.notTypes ?? []
      const events = await eventsOf(rooms, filter, notTypes)
      const byRoom = new Map<RoomKey, StateEvent[]>(rooms.map((room) => [room, []]))
      for (const event of events) byRoom.get(event.room)?.push(event)
      return byRoom
    },

    placer,

    idle: () => checkpoints.idle(),
  }
}

/** A type, and one of its keys or all of them. */
interface KeyFilter {
  readonly type: string
  readonly stateKey?: string
}

function wanted(filter: readonly KeyFilter[], notTypes: readonly string[]): string[][] {
  const kept = filter.filter(({ type }) => !notTypes.includes(type))
  const single = kept.filter(({ stateKey }) => stateKey !== undefined)
  const whole = kept.filter(({ stateKey }) => stateKey === undefined)
  return [
    single.map(({ type }) => type),
    single.map(({ stateKey }) => stateKey ?? ''),
    whole.map(({ type }) => type),
  ]
}
