import { at, list, ok, text, type TestUser } from '../harness/user.ts'

let counter = 0

/** A transaction ID that was not used before. */
export const newTxn = (): string => `txn${++counter}`

export type Messages = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Sends one request. */
export async function send(
  from: TestUser,
  messages: Messages,
  { type = 'm.test', txn = newTxn() } = {},
): Promise<void> {
  const body = await from.call('PUT', `/sendToDevice/${encodeURIComponent(type)}/${txn}`, {
    messages,
  })
  if (JSON.stringify(ok(body)) !== '{}') throw new Error(`Expected {}, got ${body.text}`)
}

/** Sends `n` to one device. */
export async function sendNumber(from: TestUser, to: TestUser, n: number): Promise<void> {
  await send(from, { [to.userId]: { [to.deviceId]: { n } } })
}

export const toDevice = (answer: unknown): unknown[] => list(answer, 'to_device', 'events')
export const contents = (answer: unknown): unknown[] =>
  toDevice(answer).map((event) => at(event, 'content'))
export const numbers = (answer: unknown): unknown[] =>
  contents(answer).map((content) => at(content, 'n'))
export const tokenOf = (answer: unknown): string => text(answer, 'next_batch')
