import type { User } from '../target/user.ts'

/** What a client was promised, kept outside of the server. */
export interface Sent {
  readonly writer: User
  readonly txn: string
  readonly body: string
  /** undefined: no answer came, so the event may or may not be there. */
  eventId: string | undefined
}

/** One token of a sync chain and how many of the chain's events had arrived when it was given. */
export interface Issued {
  readonly token: string
  readonly received: number
}

/** Everything one room's writers were told. */
export class Journal {
  readonly sent: Sent[] = []

  begin(writer: User): Sent {
    const number = this.sent.length + 1
    const entry = { writer, txn: `crash${number}`, body: `message ${number}`, eventId: undefined }
    this.sent.push(entry)
    return entry
  }

  get acknowledged(): Sent[] {
    return this.sent.filter((entry) => entry.eventId !== undefined)
  }

  get unanswered(): Sent[] {
    return this.sent.filter((entry) => entry.eventId === undefined)
  }
}

/** Values that occur more than once. */
export function repeated(values: readonly string[]): string[] {
  const seen = new Set<string>()
  return values.filter((value) => seen.has(value) || !seen.add(value))
}
