import { at, listAt, stringAt } from '../../target/json.ts'
import { DATA_TYPE, parseBody, type Message } from './promises.ts'

export interface DeliveredMessage extends Message {
  readonly eventId: string
}

/** One room's part of an answer. */
export interface DeliveredRoom {
  readonly roomId: string
  readonly messages: readonly DeliveredMessage[]
  /** Where the events begin that the answer left out; undefined when it left out none. */
  readonly gapFrom: string | undefined
  readonly receipts: readonly { readonly userId: string; readonly eventId: string }[]
  /** Numbers of the user's data. */
  readonly accountData: readonly number[]
}

/** What an answer of `/sync` told of the things that the writers write. */
export interface Delivered {
  readonly next: string
  readonly rooms: readonly DeliveredRoom[]
  readonly toDevice: readonly Message[]
  readonly accountData: readonly number[]
}

export function readAnswer(body: unknown): Delivered {
  const rooms = at(body, 'rooms', 'join')
  return {
    next: stringAt(body, 'next_batch'),
    rooms: Object.keys(typeof rooms === 'object' && rooms !== null ? rooms : {}).map((roomId) =>
      readRoom(roomId, at(rooms, roomId)),
    ),
    toDevice: ofOurs(listAt(body, 'to_device', 'events')).map((event) => ({
      writer: stringAt(event, 'sender'),
      n: Number(at(event, 'content', 'n')),
    })),
    accountData: numbers(listAt(body, 'account_data', 'events')),
  }
}

function readRoom(roomId: string, room: unknown): DeliveredRoom {
  const isLimited = at(room, 'timeline', 'limited') === true
  return {
    roomId,
    messages: readMessages(listAt(room, 'timeline', 'events')),
    gapFrom: isLimited ? stringAt(room, 'timeline', 'prev_batch') : undefined,
    receipts: listAt(room, 'ephemeral', 'events').flatMap(readReceipts),
    accountData: numbers(listAt(room, 'account_data', 'events')),
  }
}

/** The messages among a list of events. */
export function readMessages(events: readonly unknown[]): DeliveredMessage[] {
  return events
    .filter((event) => at(event, 'type') === 'm.room.message')
    .map((event) => ({
      eventId: stringAt(event, 'event_id'),
      ...parseBody(stringAt(event, 'content', 'body')),
    }))
}

function readReceipts(event: unknown): { userId: string; eventId: string }[] {
  if (at(event, 'type') !== 'm.receipt') return []
  return fields(at(event, 'content')).flatMap((eventId) =>
    fields(at(event, 'content', eventId, 'm.read')).map((userId) => ({ userId, eventId })),
  )
}

function fields(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}

function ofOurs(events: readonly unknown[]): unknown[] {
  return events.filter((event) => at(event, 'type') === DATA_TYPE)
}

function numbers(events: readonly unknown[]): number[] {
  return ofOurs(events).map((event) => Number(at(event, 'content', 'n')))
}
