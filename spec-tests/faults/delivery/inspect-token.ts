import { catchUp, type CaughtUp } from './catch-up.ts'
import { newInGap, type Place } from './chain-state.ts'
import { patiently } from '../patiently.ts'
import { placeOf } from './promises.ts'
import type { Reader } from './reader.ts'
import { without } from './without.ts'
import type { World } from './world.ts'

const PATIENCE_MS = 60_000

/** The place of a client that knows nothing. */
export const NOWHERE: Omit<Place, 'token'> & { readonly token: undefined } = {
  token: undefined,
  counts: new Map(),
  extra: new Set(),
  receipts: new Map(),
  accountData: new Map(),
}

/**
 * Syncs from a token after everything has come to rest.
 * @param reader whose chain has everything @returns how the answer differs from what the token owes
 */
export async function inspectToken(
  world: World,
  reader: Reader,
  place: Place | typeof NOWHERE,
): Promise<string[]> {
  const answer = await patiently(() =>
    catchUp(reader.user, place.token, { timeoutMs: 0, patienceMs: PATIENCE_MS }),
  )
  const known = reader.state.knownAt(place)
  const wrong = [
    ...world.rooms.flatMap((roomId) => inspectRoom(reader, known, answer, roomId)),
    ...inspectLatest('receipt', receiptsOf(world, answer), {
      at: place.receipts,
      end: reader.state.receipts,
    }),
    ...inspectLatest('account data', accountDataOf(reader, answer), {
      at: place.accountData,
      end: reader.state.accountData,
    }),
    ...answer.toDevice.map(({ writer, n }) => `confirmed to-device message ${n} of ${writer}`),
  ]
  return wrong.map((text) => `${reader.user.userId} since ${place.token ?? 'nowhere'}: ${text}`)
}

function inspectRoom(
  reader: Reader,
  known: ReadonlySet<string>,
  answer: CaughtUp,
  roomId: string,
): string[] {
  const received = (reader.state.rooms.get(roomId) ?? []).map(({ eventId }) => eventId)
  const owed = without(received, known)
  const shown = answer.rooms.find((room) => room.roomId === roomId)?.messages ?? []
  const told = [...newInGap(known, answer, roomId), ...shown].map(({ eventId }) => eventId)
  const lost = without(owed, told)
  const surplus = without(told, owed)
  return [
    ...(told.length > new Set(told).size ? [`messages of ${roomId} come twice`] : []),
    ...(lost.length > 0 ? [`${lost.length} lost in ${roomId}: ${lost[0]}`] : []),
    ...(surplus.length > 0 ? [`${surplus.length} again in ${roomId}: ${surplus[0]}`] : []),
  ]
}

type Told = readonly { readonly place: string; readonly n: number }[]

/** Of what changed since the token the last value is told, once; of the rest nothing. */
function inspectLatest(
  what: string,
  told: Told,
  numbers: { readonly at: ReadonlyMap<string, number>; readonly end: ReadonlyMap<string, number> },
): string[] {
  const expected = [...numbers.end].filter(([place, n]) => numbers.at.get(place) !== n)
  const shown = (list: readonly string[]) => list.toSorted().join(', ')
  const want = shown(expected.map(([place, n]) => `${place} ${n}`))
  const got = shown(told.map(({ place, n }) => `${place} ${n}`))
  return want === got ? [] : [`${what}: [${got}] instead of [${want}]`]
}

function receiptsOf(world: World, answer: CaughtUp): Told {
  return answer.rooms.flatMap(({ roomId, receipts }) =>
    receipts.map(({ userId, eventId }) => ({
      place: placeOf(userId, roomId),
      n: world.promises.message(eventId)?.n ?? NaN,
    })),
  )
}

function accountDataOf({ user }: Reader, answer: CaughtUp): Told {
  return [
    ...answer.accountData.map((n) => ({ n, place: placeOf(user.userId, undefined) })),
    ...answer.rooms.flatMap(({ roomId, accountData }) =>
      accountData.map((n) => ({ n, place: placeOf(user.userId, roomId) })),
    ),
  ]
}
