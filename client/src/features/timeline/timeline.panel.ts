import { type PropertyValues, html, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { ComposeRequestedEvent } from '#components/app-events.ts'
import '#components/avatar.ts'
import { baseStyles, scrollStyles } from '#components/base.styles.ts'
import { buttonStyles } from '#components/button.styles.ts'
import { HearthElement } from '#components/hearth-element.ts'
import '#components/icon.ts'
import '#components/spinner.ts'
import { formatDay, formatFull, formatList, formatTime } from '#i18n/format.ts'
import { t } from '#i18n/t.ts'
import { Announcer } from './announcer.ts'
import './delete-message.dialog.ts'
import type { MessageActionEvent } from './message-action.ts'
import './message-row.ts'
import { plainText } from './message-text.ts'
import type { Row } from './rows.ts'
import { ScrollAnchor, distanceToEnd } from './scroll-anchor.ts'
import { timelineStyles } from './timeline.styles.ts'
import type { TimelineEvent, TimelineViewModel } from './timeline.view-model.ts'

const NEAR_EDGE = 800
const AT_END = 24

/**
 * @summary The messages of a room. What the person reads never moves by itself: new and older
 * lines come in around it. Up and Down move between messages, R answers, E edits.
 * @event compose-requested
 * @status stable
 */
@customElement('hearth-timeline-panel')
export class HearthTimelinePanel extends HearthElement {
  static override styles = [baseStyles, scrollStyles, buttonStyles, timelineStyles]

  @property({ attribute: false }) viewModel!: TimelineViewModel
  @property({ type: Boolean, attribute: 'read-only' }) readOnly = false
  @state() private _active: string | undefined
  @state() private _away = false
  @state() private _deleting: string | undefined
  @state() private _announced = ''
  @query('.scroll') private readonly _scroller!: HTMLElement
  @query('.content') private readonly _content!: HTMLElement

  #anchor: ScrollAnchor | undefined
  #opening = true
  readonly #announcer = new Announcer((text) => {
    this._announced = text
  })
  readonly #resizes = new ResizeObserver(() => {
    this.#anchor?.restore()
    this.#afterMove()
  })

  constructor() {
    super()
    this.observe(() => this.viewModel)
  }

  override focus(): void {
    const row = this.renderRoot.querySelector<HTMLElement>('[data-key][tabindex="0"]')
    row?.focus()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#resizes.disconnect()
    this.#announcer.reset()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('viewModel')) {
      this.#opening = true
      this._active = undefined
      this._announced = ''
      this.#announcer.reset()
    }
    const { announcement } = this.viewModel.state
    this.#announcer.update(announcement.count, announcement.last)
  }

  protected override firstUpdated(): void {
    this.#anchor = new ScrollAnchor(this._scroller, () => this.#rowElements())
    this.#resizes.observe(this._scroller)
    this.#resizes.observe(this._content)
  }

  protected override updated(): void {
    for (const row of this.renderRoot.querySelectorAll('hearth-message-row')) row.flush()
    if (this.#opening) this.#openAtRightPlace()
    else this.#anchor?.restore()
    this.#opening = false
    this.#afterMove()
  }

  override render() {
    const { room, rows, typing } = this.viewModel.state
    const label = t('timeline.label', { room: room.name })
    return html`${this.#older()}
      <div
        class="scroll"
        role="log"
        aria-live="off"
        aria-label=${label}
        tabindex="-1"
        @scroll=${this.#onScroll}
        @keydown=${this.#onKey}
        @message-action=${this.#onAction}
      >
        <div class="content">
          ${this.viewModel.state.atStart ? this.#start() : nothing}
          ${repeat(
            rows,
            (row) => row.key,
            (row) => this.#row(row),
          )}
        </div>
      </div>
      ${this._away ? this.#jump() : nothing}
      <div class="typing" aria-live="polite">${this.#typing(typing.map(({ name }) => name))}</div>
      <div class="visually-hidden" role="status">${this._announced}</div>
      ${this._deleting === undefined ? nothing : this.#deleteDialog(this._deleting)}`
  }

  #older() {
    const { loadingOlder, olderFailure } = this.viewModel.state
    if (olderFailure !== undefined) {
      return html`<div class="older">
        <div role="alert">
          ${t('timeline.older-failed')}
          <button class="link-button" type="button" @click=${() => this.viewModel.showOlder()}>
            ${t('action.retry')}
          </button>
        </div>
      </div>`
    }
    if (!loadingOlder) return nothing
    return html`<div class="older">
      <div role="status"><hearth-spinner></hearth-spinner>${t('timeline.loading-older')}</div>
    </div>`
  }

  #start() {
    const { room } = this.viewModel.state
    return html`<div class="start">
      <hearth-avatar shape="room" .identity=${room.id} .name=${room.name}></hearth-avatar>
      <h2>${t('timeline.start-title', { room: room.name })}</h2>
      <p>${room.topic === '' ? t('timeline.start') : room.topic}</p>
    </div>`
  }

  #row(row: Row) {
    switch (row.kind) {
      case 'day':
        return html`<div class="separator" role="separator">
          ${formatDay(row.timestamp, Date.now())}
        </div>`
      case 'new':
        return html`<div class="separator" role="separator" data-new>${t('timeline.new')}</div>`
      case 'event':
        return row.event.kind === 'state' ? this.#stateRow(row) : this.#messageRow(row)
    }
  }

  #stateRow({ key, event }: Extract<Row, { kind: 'event' }>) {
    return html`<div
      class="state"
      data-key=${key}
      role="article"
      aria-label=${plainText(event)}
      tabindex=${this.#tabIndex(key)}
    >
      <span>${plainText(event)}</span>
      <time title=${formatFull(event.timestamp)}>${formatTime(event.timestamp)}</time>
    </div>`
  }

  #messageRow(row: Extract<Row, { kind: 'event' }>) {
    return html`<hearth-message-row
      role="article"
      data-key=${row.key}
      tabindex=${this.#tabIndex(row.key)}
      .row=${row}
      ?read-only=${this.readOnly}
    ></hearth-message-row>`
  }

  #jump() {
    const { unseen } = this.viewModel.state
    return html`<div class="jump">
      <button
        class="button"
        data-size="small"
        data-variant=${unseen > 0 ? 'primary' : 'secondary'}
        type="button"
        @click=${this.#jumpToLatest}
      >
        <hearth-icon name="arrow-down"></hearth-icon>
        ${unseen > 0 ? t('timeline.jump-new', { count: unseen }) : t('timeline.jump')}
      </button>
    </div>`
  }

  #typing(names: readonly string[]) {
    const [first] = names
    if (first === undefined) return nothing
    const some =
      names.length <= 3 ? t('typing.some', { names: formatList(names) }) : t('typing.many')
    return html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${
        names.length === 1 ? t('typing.one', { name: first }) : some
      }`
  }

  #deleteDialog(eventId: string) {
    return html`<hearth-delete-message-dialog
      .deleteMessage=${() => this.viewModel.redact(eventId)}
      @dialog-closed=${() => {
        this._deleting = undefined
      }}
    ></hearth-delete-message-dialog>`
  }

  #tabIndex(key: string): number {
    const { rows } = this.viewModel.state
    const active = rows.some((row) => row.key === this._active)
      ? this._active
      : rows.findLast((row) => row.kind === 'event')?.key
    return key === active ? 0 : -1
  }

  #rowElements(): NodeListOf<HTMLElement> {
    return this.renderRoot.querySelectorAll<HTMLElement>('[data-key]')
  }

  /** A room opens at its end, unless there is more new than fits: then at the "New" line. */
  #openAtRightPlace(): void {
    this.#anchor?.pin()
    const line = this.renderRoot.querySelector<HTMLElement>('.separator[data-new]')
    if (line === null) return
    const hidden = line.getBoundingClientRect().top < this._scroller.getBoundingClientRect().top
    if (hidden) this.#anchor?.show(line, 0.2)
  }

  #afterMove(): void {
    const { atEnd } = this.viewModel.state
    const distance = distanceToEnd(this._scroller)
    this._away = !atEnd || distance > this._scroller.clientHeight / 2
    this.viewModel.setBottomVisible(atEnd && distance <= AT_END)
    this.#fetchNearEdges(distance)
  }

  #fetchNearEdges(distance: number): void {
    const { olderFailure } = this.viewModel.state
    if (this._scroller.scrollTop < NEAR_EDGE && olderFailure === undefined) {
      void this.viewModel.showOlder()
    } else if (distance < NEAR_EDGE) {
      this.viewModel.showNewer()
    }
  }

  readonly #jumpToLatest = async (): Promise<void> => {
    this.viewModel.showLatest()
    await this.updateComplete
    this.#anchor?.pin()
    this.#afterMove()
  }

  readonly #onScroll = (): void => {
    this.#anchor?.capture(this.viewModel.state.atEnd)
    this.#afterMove()
  }

  readonly #onAction = (event: MessageActionEvent): void => {
    const { action, eventId } = event
    if (action === 'retry') this.viewModel.retry(eventId)
    else if (action === 'discard') this.viewModel.discard(eventId)
    else if (action === 'delete') this._deleting = eventId
    else this.dispatchEvent(new ComposeRequestedEvent(action, eventId))
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const rows = [...this.#rowElements()]
    const at = rows.findIndex((row) => row.matches(':focus'))
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return
    const moves = new Map([
      ['ArrowDown', at + 1],
      ['ArrowUp', at - 1],
      ['Home', 0],
      ['End', rows.length - 1],
    ])
    const target = rows[moves.get(event.key) ?? -1]
    if (target !== undefined) {
      event.preventDefault()
      this._active = target.dataset['key']
      target.focus()
    } else {
      this.#onShortcut(event, rows[at]?.dataset['key'])
    }
  }

  #onShortcut(event: KeyboardEvent, key: string | undefined): void {
    const row = this.viewModel.state.rows.find((candidate) => candidate.key === key)
    const message: TimelineEvent | undefined = row?.kind === 'event' ? row.event : undefined
    if (message?.kind !== 'message' || message.status !== 'sent' || this.readOnly) return
    const pressed = event.key.toLowerCase()
    if (pressed !== 'r' && !(pressed === 'e' && message.own)) return
    event.preventDefault()
    this.dispatchEvent(new ComposeRequestedEvent(pressed === 'r' ? 'reply' : 'edit', message.id))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-timeline-panel': HearthTimelinePanel
  }
}
