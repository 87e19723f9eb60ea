import type { ChainState } from './chain-state.ts'
import { placeOf } from './promises.ts'
import { without } from './without.ts'
import type { World } from './world.ts'

/** What a chain still lacks of what was acknowledged, or has beyond it. */
export function inspectChain(world: World, state: ChainState): string[] {
  const { promises, rooms, writers } = world
  const wrong: string[] = []
  const compare = (what: string, promised: number, received: number) => {
    if (promised !== received) wrong.push(`${what}: ${received} received, ${promised} promised`)
  }
  for (const roomId of rooms) {
    const promised = promises.idsIn(roomId)
    const received = (state.rooms.get(roomId) ?? []).map(({ eventId }) => eventId)
    wrong.push(...listed(`lost in ${roomId}`, without(promised, received)))
    wrong.push(...listed(`never acknowledged, in ${roomId}`, without(received, promised)))
  }
  for (const { user } of writers) {
    const { userId } = user
    const number = (numbers: ReadonlyMap<string, number>, key: string) => numbers.get(key) ?? 0
    compare(
      `to-device messages of ${userId}`,
      number(promises.toDevice, userId),
      number(state.toDevice, userId),
    )
    for (const roomId of rooms) {
      const place = placeOf(userId, roomId)
      compare(
        `receipt of ${place}`,
        number(promises.receipts, place),
        number(state.receipts, place),
      )
    }
  }
  for (const roomId of [undefined, ...rooms]) {
    const place = placeOf(state.userId, roomId)
    compare(
      `account data of ${place}`,
      promises.accountData.get(place)?.n ?? 0,
      state.accountData.get(place) ?? 0,
    )
  }
  return wrong
}

function listed(what: string, ids: readonly string[]): string[] {
  return ids.length === 0 ? [] : [`${ids.length} ${what}: ${ids.slice(0, 5).join(' ')}`]
}

/** All chains received a room's messages in the same order, where `/sync` alone told them. */
export function inspectOrder(world: World): string[] {
  const [first, ...others] = world.readers
  if (first === undefined) throw new Error('Nobody read.')
  return world.rooms.flatMap((roomId) =>
    others.flatMap((other) => {
      const [mine, theirs] = [inOrder(first.state, roomId), inOrder(other.state, roomId)]
      const mineOfBoth = without(mine, without(mine, theirs))
      const theirsOfBoth = without(theirs, without(theirs, mine))
      const at = mineOfBoth.findIndex((id, index) => id !== theirsOfBoth[index])
      return at < 0
        ? []
        : [`${first.user.userId} and ${other.user.userId} see another order at ${mineOfBoth[at]}`]
    }),
  )
}

function inOrder(state: ChainState, roomId: string): string[] {
  const received = state.rooms.get(roomId) ?? []
  return received.filter(({ fromGap }) => !fromGap).map(({ eventId }) => eventId)
}
