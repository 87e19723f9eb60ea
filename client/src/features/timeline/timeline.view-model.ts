import type { Conversation, Person, RoomSummary, TimelineEvent } from '#data/index.ts'
import { type Failure, asFailure } from '#lib/errors.ts'
import { equal } from '#lib/equal.ts'
import { ViewModel } from '#lib/view-model.ts'
import type { Platform } from '#platform/platform.ts'
import { type RenderWindow, carriedOver, latest, newer, older } from './render-window.ts'
import { type Row, buildRows } from './rows.ts'

export type { Person, StateChange, TimelineEvent } from '#data/index.ts'

const PAGE = 50

export interface TimelineState {
  readonly room: RoomSummary
  /** The lines in the page, oldest first. */
  readonly rows: readonly Row[]
  /** True when the first line in the page is the very first of the room. */
  readonly atStart: boolean
  /** True when the last line in the page is the newest there is. */
  readonly atEnd: boolean
  readonly loadingOlder: boolean
  readonly olderFailure: Failure | undefined
  /** Messages of others that came in while the person read further up. */
  readonly unseen: number
  readonly typing: readonly Person[]
  /** What a screen reader should say next. */
  readonly announcement: { readonly count: number; readonly last: TimelineEvent | undefined }
}

interface Dependencies {
  readonly conversation: Conversation
  readonly platform: Pick<Platform, 'isAttentive' | 'onAttentionChanged'>
}

/** The messages of one room. */
export class TimelineViewModel extends ViewModel<TimelineState> {
  readonly #conversation: Conversation
  readonly #platform: Dependencies['platform']
  #newAfter: string | undefined
  #rows: readonly Row[] = []
  #window: RenderWindow = { start: 0, end: 0 }
  #bottomVisible = false
  #reported: string | undefined
  #newest: string | undefined

  constructor({ conversation, platform }: Dependencies) {
    super({
      room: conversation.room(),
      rows: [],
      atStart: false,
      atEnd: true,
      loadingOlder: false,
      olderFailure: undefined,
      unseen: 0,
      typing: [],
      announcement: { count: 0, last: undefined },
    })
    this.#conversation = conversation
    this.#platform = platform
    this.#newAfter = this.#markerOnOpening()
    this.#refresh()
    this.#window = latest(this.#rows.length)
    this.#publish()
    const listen = (topic: 'timeline' | 'receipts' | 'typing' | 'room', run: () => void): void => {
      this.disposables.add(conversation.onChanged(topic, run))
    }
    listen('timeline', () => this.#onTimeline())
    listen('receipts', () => this.#onTimeline())
    listen('typing', () => this.merge({ typing: conversation.typing() }))
    listen('room', () => this.merge({ room: conversation.room() }))
    this.disposables.add(platform.onAttentionChanged(() => this.#reportRead()))
    if (this.state.rows.length < PAGE / 2) void this.showOlder()
  }

  /** Brings older messages into the page, from memory or from the server. */
  async showOlder(): Promise<void> {
    if (this.#window.start > 0) {
      this.#window = older(this.#window)
      this.#publish()
      return
    }
    if (this.state.loadingOlder || !this.#conversation.timeline().hasOlder) return
    this.merge({ loadingOlder: true, olderFailure: undefined })
    try {
      await this.#conversation.loadOlder(PAGE)
      this.merge({ loadingOlder: false })
      this.#onTimeline()
    } catch (error) {
      this.merge({ loadingOlder: false, olderFailure: asFailure(error) })
    }
  }

  /** Brings newer messages into the page, after reading far up. */
  showNewer(): void {
    if (this.#window.end >= this.#rows.length) return
    this.#window = newer(this.#window, this.#rows.length)
    this.#publish()
  }

  /** Brings the newest messages into the page. */
  showLatest(): void {
    this.#window = latest(this.#rows.length)
    this.merge({ unseen: 0 })
    this.#publish()
  }

  /** Tells whether the newest message is visible on the screen. */
  setBottomVisible(visible: boolean): void {
    this.#bottomVisible = visible
    if (visible && this.state.atEnd) this.merge({ unseen: 0 })
    this.#reportRead()
  }

  retry(eventId: string): void {
    this.#conversation.retry(eventId)
  }

  discard(eventId: string): void {
    this.#conversation.discard(eventId)
  }

  /** Deletes a message for everybody. Rejects with a Failure. */
  async redact(eventId: string): Promise<void> {
    await this.#conversation.redact(eventId)
  }

  /** Where the "New" line goes: nowhere when everything had been read. */
  #markerOnOpening(): string | undefined {
    const { events } = this.#conversation.timeline()
    const read = this.#conversation.readUpTo()
    const index = events.findIndex((event) => event.id === read)
    const rest = events.slice(index + 1)
    return index >= 0 && rest.some((event) => !event.own) ? read : undefined
  }

  #onTimeline(): void {
    const before = this.#rows
    this.#refresh()
    const firstKey = before.find((row) => row.kind === 'event')?.key
    const at = (rows: readonly Row[]): number => rows.findIndex((row) => row.key === firstKey)
    const added = firstKey === undefined ? 0 : Math.max(0, at(this.#rows) - at(before))
    this.#window = carriedOver(this.#window, before.length, this.#rows.length, added)
    this.#publish()
    this.#announceNew()
    this.#reportRead()
  }

  /** Builds the lines anew, keeping those that did not change as the same objects. */
  #refresh(): void {
    const { events } = this.#conversation.timeline()
    const known = new Map(this.#rows.map((row) => [row.key, row]))
    const receipts = this.#conversation.receipts()
    this.#rows = buildRows({ events, receipts, newAfter: this.#newAfter }).map((row) => {
      const same = known.get(row.key)
      return same !== undefined && equal(same, row) ? same : row
    })
    this.#newest ??= events.at(-1)?.id
  }

  #publish(): void {
    const { start, end } = this.#window
    this.merge({
      rows: this.#rows.slice(start, end),
      atStart: start === 0 && !this.#conversation.timeline().hasOlder,
      atEnd: end >= this.#rows.length,
    })
  }

  #announceNew(): void {
    const { events } = this.#conversation.timeline()
    const from = events.findIndex((event) => event.id === this.#newest)
    const fresh = events
      .slice(from < 0 ? events.length : from + 1)
      .filter((event) => !event.own && event.kind !== 'state')
    this.#newest = events.findLast((event) => !event.own)?.id ?? events.at(-1)?.id
    if (fresh.length === 0) return
    const { announcement, unseen } = this.state
    const seen = this.#bottomVisible && this.state.atEnd
    this.merge({
      announcement: { count: announcement.count + fresh.length, last: fresh.at(-1) },
      unseen: seen ? 0 : unseen + fresh.length,
    })
  }

  /** Sends a read receipt once the newest message is really before the person's eyes. */
  #reportRead(): void {
    if (!this.#bottomVisible || !this.state.atEnd || !this.#platform.isAttentive()) return
    const sent = (event: TimelineEvent): boolean =>
      event.kind !== 'message' || event.status === 'sent'
    const last = this.#conversation.timeline().events.findLast(sent)
    if (last === undefined || last.id.startsWith('~')) return
    const known =
      this.#conversation.room().unread === 0 && this.#conversation.readUpTo() === last.id
    if (known || this.#reported === last.id) return
    this.#reported = last.id
    this.#conversation.markRead(last.id).catch(() => {
      // Not worth a message: the next look at the room tries again.
      this.#reported = undefined
    })
  }
}
