import type { StateKeyString, StateMap } from '../events/pdu.ts'
import { stateKeyString } from '../events/state-key.ts'
import type { EventId } from '../ids.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { authDifference } from './auth-difference.ts'
import { withConflictedSubgraph } from './conflicted-subgraph.ts'
import { separateConflicts } from './conflicts.ts'
import type { Conflicts } from './conflicts.ts'
import type { EventLookup } from './event-source.ts'
import { iterativeAuthChecks } from './iterative-auth.ts'
import type { PartialState } from './iterative-auth.ts'
import { mainlineOrdering } from './mainline-ordering.ts'
import { powerOrdering } from './power-ordering.ts'

const POWER_LEVELS = stateKeyString('m.room.power_levels', '')
const EMPTY: StateMap = new Map()

/** What a resolution reads. */
export interface ResolutionDeps {
  /**
   * The events in the states and in their auth chains, all loaded beforehand (`authChainGaps` says
   * what is missing), and in room version 12 the create event.
   */
  readonly event: EventLookup
}

/**
 * Resolves the states after several events into the state before the event that follows them, by
 * state resolution v2 or, from room version 12, v2.1. The order of the states makes no difference.
 * Takes time linear in the states and their auth chains.
 * https://spec.matrix.org/v1.19/rooms/v12/#state-resolution
 * @throws {MissingEventError} when an event it needs is not loaded
 */
export function resolveState(
  version: RoomVersion,
  states: readonly StateMap[],
  deps: ResolutionDeps,
): StateMap {
  const [first, ...others] = states
  if (first === undefined) return EMPTY
  if (others.length === 0) return first
  const conflicts = separateConflicts([first, ...others])
  if (conflicts.conflicted.every((ids) => ids.length === 0)) return conflicts.unconflicted
  const applied = resolveConflicts(version, conflicts, deps.event)
  const resolved = conflicts.unconflicted
  for (const [key, id] of applied) if (!resolved.has(key)) resolved.set(key, id)
  return resolved
}

function resolveConflicts(
  version: RoomVersion,
  conflicts: Conflicts,
  event: EventLookup,
): ReadonlyMap<StateKeyString, EventId> {
  const fullConflicted = fullConflictedSet(version, conflicts, event)
  const state: PartialState = {
    start: version.stateResolution === 'v2.1' ? EMPTY : conflicts.unconflicted,
    applied: new Map(),
  }
  const powerOrder = powerOrdering(fullConflicted, version, event)
  iterativeAuthChecks(state, powerOrder, version, event)
  const powerLevels = state.applied.get(POWER_LEVELS) ?? state.start.get(POWER_LEVELS)
  const done = new Set(powerOrder)
  const remaining = [...fullConflicted].filter((id) => !done.has(id))
  iterativeAuthChecks(state, mainlineOrdering(remaining, powerLevels, event), version, event)
  return state.applied
}

/** https://spec.matrix.org/v1.19/rooms/v12/#definitions */
function fullConflictedSet(
  version: RoomVersion,
  conflicts: Conflicts,
  event: EventLookup,
): Set<EventId> {
  const conflicted = new Set(conflicts.conflicted.flat())
  const difference = authDifference(conflicts, event)
  const own =
    version.stateResolution === 'v2.1' ? withConflictedSubgraph(conflicted, event) : conflicted
  return new Set([...own, ...difference])
}
