import { describe, expect, it } from 'vitest'
import type { DeviceKey, RoomKey } from '#log/types.ts'
import { parseEventId, type EventId } from '#matrix/ids.ts'
import { foldTxn, Transactions } from './transactions.ts'

const device = (key: number) => key as DeviceKey
const room = (key: number) => key as RoomKey
const eventId = (letter: string) => parseEventId(`$${letter.repeat(43)}`)

describe('transaction keys', () => {
  it('differ in every part of the request', () => {
    const keys = [
      foldTxn(device(1), room(1), { key: 'send/m.a', id: 't' }),
      foldTxn(device(1), room(2), { key: 'send/m.a', id: 't' }),
      foldTxn(device(1), room(1), { key: 'send/m.b', id: 't' }),
      foldTxn(device(1), room(1), { key: 'send/m.a', id: 'u' }),
    ].map(({ key }) => key)
    expect(new Set(keys).size).toBe(4)
  })
})

describe('transactions', () => {
  const txn = foldTxn(device(1), room(1), { key: 'send/m.a', id: 't' })

  it('gives a repetition the promise that is under way', async () => {
    const transactions = new Transactions()
    const { promise, resolve } = Promise.withResolvers<EventId>()
    let sends = 0
    const send = () => {
      sends++
      return promise
    }
    const both = Promise.all([transactions.run(txn, send), transactions.run(txn, send)])
    resolve(eventId('A'))
    expect(await both).toEqual([eventId('A'), eventId('A')])
    expect(sends).toBe(1)
  })

  it('gives a later repetition the same event', async () => {
    const transactions = new Transactions()
    await transactions.run(txn, () => Promise.resolve(eventId('A')))
    expect(await transactions.run(txn, () => Promise.resolve(eventId('B')))).toBe(eventId('A'))
  })

  it('sends again for another device', async () => {
    const transactions = new Transactions()
    const other = foldTxn(device(2), room(1), { key: 'send/m.a', id: 't' })
    await transactions.run(txn, () => Promise.resolve(eventId('A')))
    expect(await transactions.run(other, () => Promise.resolve(eventId('B')))).toBe(eventId('B'))
  })

  it('tries again after a failure', async () => {
    const transactions = new Transactions()
    const failed = transactions.run(txn, () => Promise.reject(new Error('no')))
    await expect(failed).rejects.toThrow('no')
    expect(await transactions.run(txn, () => Promise.resolve(eventId('B')))).toBe(eventId('B'))
  })
})
