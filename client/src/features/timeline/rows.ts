import type { MessageEvent, Person, TimelineEvent } from '#data/index.ts'
import { dayKey } from '#lib/local-day.ts'

const GROUP_MS = 7 * 60 * 1000

/** A line of the timeline. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly timestamp: number }
  | { readonly kind: 'new'; readonly key: string }
  | {
      readonly kind: 'event'
      readonly key: string
      readonly event: TimelineEvent
      /** True when it continues what the same person said just before. */
      readonly grouped: boolean
      /** Others who have read up to here. */
      readonly readers: readonly Person[]
    }

interface RowsInput {
  readonly events: readonly TimelineEvent[]
  readonly receipts: ReadonlyMap<string, readonly Person[]>
  /** The last event read when the room was opened; the "New" line follows it. */
  readonly newAfter: string | undefined
}

function continues(event: TimelineEvent, before: TimelineEvent | undefined): boolean {
  if (before === undefined || before.kind === 'state' || event.kind === 'state') return false
  const isEmote = (other: TimelineEvent): boolean =>
    other.kind === 'message' && (other as MessageEvent).style === 'emote'
  return (
    before.sender.id === event.sender.id &&
    event.timestamp - before.timestamp < GROUP_MS &&
    !isEmote(event) &&
    !isEmote(before) &&
    !(event.kind === 'message' && event.replyTo !== undefined)
  )
}

/**
 * Arranges events as lines: a separator before each day, a "New" line after what was read, and
 * messages of one sender within seven minutes as a group.
 */
export function buildRows({ events, receipts, newAfter }: RowsInput): readonly Row[] {
  const rows: Row[] = []
  let before: TimelineEvent | undefined
  let passedMarker = false
  let marked = false
  for (const event of events) {
    const day = dayKey(event.timestamp)
    if (before === undefined || dayKey(before.timestamp) !== day) {
      rows.push({ kind: 'day', key: `day:${day}:${event.key}`, timestamp: event.timestamp })
      before = undefined
    }
    if (passedMarker && !marked && !event.own) {
      rows.push({ kind: 'new', key: 'new' })
      marked = true
      before = undefined
    }
    rows.push({
      kind: 'event',
      key: event.key,
      event,
      grouped: continues(event, before),
      readers: receipts.get(event.id) ?? [],
    })
    before = event
    passedMarker ||= event.id === newAfter
  }
  return rows
}
