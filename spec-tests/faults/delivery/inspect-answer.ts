import type { CaughtUp } from './catch-up.ts'
import type { ChainState } from './chain-state.ts'
import { placeOf, type Promises } from './promises.ts'

/**
 * Compares an answer with what its client already has: nothing comes twice, nothing goes back, no
 * to-device message is missing. @returns what is wrong
 */
export function inspectAnswer(answer: CaughtUp, state: ChainState, promises: Promises): string[] {
  return [
    ...inspectMessages(answer, state),
    ...inspectToDevice(answer, state),
    ...inspectReceipts(answer, state, promises),
    ...inspectAccountData(answer, state, promises),
  ]
}

function inspectMessages(answer: CaughtUp, state: ChainState): string[] {
  const wrong: string[] = []
  for (const { roomId, messages } of answer.rooms) {
    const last = new Map<string, number>()
    for (const { writer, n, fromGap } of state.rooms.get(roomId) ?? []) {
      if (!fromGap) last.set(writer, n)
    }
    const inAnswer = new Set<string>()
    for (const { eventId, writer, n } of messages) {
      if (state.has(eventId) || inAnswer.has(eventId)) wrong.push(`message ${eventId} came twice`)
      inAnswer.add(eventId)
      const before = last.get(writer) ?? 0
      if (n <= before) wrong.push(`${writer}'s message ${n} in ${roomId} came after ${before}`)
      last.set(writer, n)
    }
  }
  return wrong
}

function inspectToDevice(answer: CaughtUp, state: ChainState): string[] {
  const wrong: string[] = []
  const last = new Map(state.toDevice)
  for (const { writer, n } of answer.toDevice) {
    const before = last.get(writer) ?? 0
    if (n !== before + 1) wrong.push(`${writer}'s to-device message ${n} came after ${before}`)
    last.set(writer, n)
  }
  return wrong
}

function inspectReceipts(answer: CaughtUp, state: ChainState, promises: Promises): string[] {
  const wrong: string[] = []
  for (const { roomId, receipts } of answer.rooms) {
    for (const { userId, eventId } of receipts) {
      const read = promises.message(eventId)
      const before = state.receipts.get(placeOf(userId, roomId)) ?? 0
      if (read?.writer !== userId || read.roomId !== roomId) {
        wrong.push(`a receipt of ${userId} in ${roomId} for ${eventId}, which is not theirs`)
      } else if (read.n <= before) {
        wrong.push(`${userId}'s receipt for ${read.n} in ${roomId} came after ${before}`)
      }
    }
  }
  return wrong
}

function inspectAccountData(answer: CaughtUp, state: ChainState, promises: Promises): string[] {
  const told = [
    ...answer.accountData.map((n) => ({ n, place: placeOf(state.userId, undefined) })),
    ...answer.rooms.flatMap(({ roomId, accountData }) =>
      accountData.map((n) => ({ n, place: placeOf(state.userId, roomId) })),
    ),
  ]
  return told.flatMap(({ n, place }) => {
    const before = state.accountData.get(place) ?? 0
    if (n > before || promises.accountData.get(place)?.unsure.has(n) === true) return []
    return [`account data ${n} of ${place} came after ${before}`]
  })
}
