import { describe, expect, it } from 'vitest'
import type { RoomEvent } from '../../events/pdu.ts'
import type { ServerName } from '../../ids.ts'
import { ROOM_VERSIONS } from '../../room-versions/room-version.ts'
import { checkAuth } from '../check-auth.ts'
import { stateLookupOf } from '../state-lookup.ts'
import { baseState, toEvent } from './room.ts'
import type { Draft, Given } from './room.ts'

/** One row of the table: an event, judged in a room, in some room versions. */
export interface Case {
  readonly says: string
  /** `all`, `10+`, `3-5` or `8` */
  readonly in: string
  /** What differs from the base room. */
  readonly given?: readonly Given[]
  readonly event: Draft
  readonly allowed: boolean
  /** Servers whose signature the event carries beside the sender's. */
  readonly signedBy?: readonly ServerName[]
}

/** The room versions that a range such as `8-9` names. */
export function versionsIn(range: string): string[] {
  const ids = [...ROOM_VERSIONS.keys()]
  if (range === 'all') return ids
  const [from = '', to] = range.split(/[-+]/)
  const last = range.endsWith('+') ? Infinity : Number(to ?? from)
  return ids.filter((id) => Number(id) >= Number(from) && Number(id) <= last)
}

/** Runs each case in each of its room versions. */
export function describeRules(title: string, cases: readonly Case[]): void {
  describe.each([...ROOM_VERSIONS.values()])(`${title}, room version $id`, (version) => {
    const rows = cases.filter((row) => versionsIn(row.in).includes(version.id))
    it.each(rows)('$says', (row) => {
      const state = new Map(baseState(version))
      for (const change of row.given ?? []) change(state, version)
      const lookup = stateLookupOf(state.values())
      const verdict = checkAuth(toEvent(row.event, version), lookup, version, {
        signedBy: (server) => row.signedBy?.includes(server) === true,
      })
      expect(verdict.allowed).toBe(row.allowed)
      if (!verdict.allowed) expect(verdict.reason).toMatch(/^[A-Za-z].*\.$/)
    })
  })
}

/** A state of a room, for tests that are not rows of a table. */
export function stateOf(versionId: string, ...given: readonly Given[]): Map<string, RoomEvent> {
  const version = ROOM_VERSIONS.get(versionId)
  if (version === undefined) throw new RangeError(`No room version ${versionId}`)
  const state = new Map(baseState(version))
  for (const change of given) change(state, version)
  return state
}
