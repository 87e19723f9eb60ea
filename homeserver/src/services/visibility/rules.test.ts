import { describe, expect, it } from 'vitest'
import { mayUserSee } from './rules.ts'

const visibilities = ['world_readable', 'shared', 'invited', 'joined', 'nonsense', 7, undefined]
const memberships = ['join', 'invite', 'knock', 'leave', 'ban', undefined]

/** The specification's five rules, written out: visibility, membership, joined later, answer. */
function expected(visibility: unknown, membership: unknown, joinedLater: boolean): boolean {
  const table: Record<string, Record<string, [notLater: boolean, later: boolean]>> = {
    world_readable: {
      join: [true, true],
      invite: [true, true],
      other: [true, true],
    },
    shared: {
      join: [true, true],
      invite: [false, true],
      other: [false, true],
    },
    invited: {
      join: [true, true],
      invite: [true, true],
      other: [false, false],
    },
    joined: {
      join: [true, true],
      invite: [false, false],
      other: [false, false],
    },
  }
  const row = table[String(visibility)] ?? table['shared']
  const cell = row?.[String(membership)] ?? row?.['other']
  return cell?.[joinedLater ? 1 : 0] ?? false
}

const cases = visibilities.flatMap((historyVisibility) =>
  memberships.flatMap((membership) =>
    [false, true].map((joinedLater) => ({ historyVisibility, membership, joinedLater })),
  ),
)

describe('history visibility', () => {
  it.each(cases)(
    '$historyVisibility, membership $membership, joined later: $joinedLater',
    ({ historyVisibility, membership, joinedLater }) => {
      expect(mayUserSee({ historyVisibility, membership, joinedLater })).toBe(
        expected(historyVisibility, membership, joinedLater),
      )
    },
  )
})
