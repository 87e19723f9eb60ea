import { html, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import '#components/avatar.ts'
import { baseStyles } from '#components/base.styles.ts'
import { buttonStyles } from '#components/button.styles.ts'
import { HearthElement } from '#components/hearth-element.ts'
import '#components/icon-button.ts'
import { formatFull, formatList, formatTime } from '#i18n/format.ts'
import { t } from '#i18n/t.ts'
import { hueOf } from '#lib/initials.ts'
import { type MessageAction, MessageActionEvent } from './message-action.ts'
import { messageRowStyles } from './message-row.styles.ts'
import { linkedText, plainText } from './message-text.ts'
import type { Row } from './rows.ts'
import type { TimelineEvent } from './timeline.view-model.ts'

type EventRow = Extract<Row, { kind: 'event' }>
type Message = Extract<TimelineEvent, { kind: 'message' }>

const MOST_READERS = 3

/**
 * @summary One message: who, when, what, who has read it, and what can be done with it.
 * @event message-action
 * @status stable
 */
@customElement('hearth-message-row')
export class HearthMessageRow extends HearthElement {
  static override styles = [baseStyles, buttonStyles, messageRowStyles]

  @property({ attribute: false }) row!: EventRow
  @property({ type: Boolean, attribute: 'read-only' }) readOnly = false
  /** True while the pointer or the focus is here, when the toolbar is needed. */
  @state() private _engaged = false

  override connectedCallback(): void {
    super.connectedCallback()
    const engage = (): void => {
      this._engaged = true
    }
    const release = (): void => {
      this._engaged = this.matches(':hover, :focus-within')
    }
    this.addEventListener('pointerenter', engage)
    this.addEventListener('focusin', engage)
    this.addEventListener('pointerleave', release)
    this.addEventListener('focusout', release)
  }

  /** Renders now instead of in a moment, so that the list can measure it. */
  flush(): void {
    if (this.isUpdatePending) this.performUpdate()
  }

  protected override willUpdate(): void {
    const { event, grouped, readers } = this.row
    this.toggleAttribute('leads', !grouped)
    const values = { name: event.sender.name, time: formatTime(event.timestamp) }
    this.ariaLabel = t('timeline.row', { ...values, text: plainText(event) })
    this.style.setProperty('--name-colour', `var(--name-${hueOf(event.sender.id)})`)
    this.dataset['readers'] = String(readers.length)
  }

  override render() {
    const { event, grouped } = this.row
    return html`<div class="aside">
        ${
          grouped
            ? this.#time()
            : html`<hearth-avatar
                .identity=${event.sender.id}
                .name=${event.sender.name}
              ></hearth-avatar>`
        }
      </div>
      <div>
        ${event.kind === 'message' && event.replyTo !== undefined ? this.#reply(event) : nothing}
        ${grouped ? nothing : this.#heading()} ${this.#content()}
      </div>
      ${this.#readers()} ${this._engaged && !this.readOnly ? this.#toolbar() : nothing}`
  }

  #heading() {
    const { sender } = this.row.event
    return html`<div class="heading">
      <span class="sender" title=${sender.id}>${sender.name}</span>${this.#time()}
    </div>`
  }

  #time() {
    const { timestamp } = this.row.event
    return html`<time title=${formatFull(timestamp)}>${formatTime(timestamp)}</time>`
  }

  #reply({ replyTo }: Message) {
    if (replyTo?.text === undefined || replyTo.sender === undefined) {
      return html`<div class="reply">
        <hearth-icon name="reply"></hearth-icon><span>${t('timeline.reply-unknown')}</span>
      </div>`
    }
    return html`<div class="reply">
      <hearth-icon name="reply"></hearth-icon>
      <span><b>${replyTo.sender.name}</b> ${replyTo.text}</span>
    </div>`
  }

  #content() {
    const { event } = this.row
    if (event.kind === 'message') return this.#message(event)
    const icon =
      event.kind === 'encrypted' ? 'lock' : event.kind === 'redacted' ? 'delete' : 'alert'
    return html`<p class="hidden">
      <hearth-icon name=${icon}></hearth-icon><span>${plainText(event)}</span>
    </p>`
  }

  #message(event: Message) {
    const prefix = event.style === 'emote' ? `${event.sender.name} ` : ''
    const edited = html`<span class="edited"> ${t('timeline.edited')}</span>`
    return html`<span
        class="text"
        data-style=${event.style}
        ?data-pending=${event.status === 'sending'}
        ><span>${prefix}${linkedText(event.text)}</span>${event.edited ? edited : nothing}</span
      >
      ${event.status === 'failed' ? this.#failed(event) : nothing}`
  }

  #failed(event: Message) {
    const { error: detail } = event
    return html`<p class="failed" role="alert">
      <hearth-icon name="alert"></hearth-icon>
      <span>${detail === '' ? t('timeline.failed') : t('timeline.failed-detail', { detail })}</span>
      ${this.#textAction('retry', t('timeline.retry'))}
      ${this.#textAction('discard', t('timeline.discard'))}
    </p>`
  }

  #textAction(action: MessageAction, label: string) {
    return html`<button class="link-button" type="button" @click=${() => this.#act(action)}>
      ${label}
    </button>`
  }

  #readers() {
    const { readers } = this.row
    if (readers.length === 0) return html`<span></span>`
    const label = t('timeline.read-by', { names: formatList(readers.map(({ name }) => name)) })
    const more = readers.length - MOST_READERS
    return html`<div class="readers" role="img" aria-label=${label} title=${label}>
      ${readers
        .slice(0, MOST_READERS)
        .map(({ id, name }) => html`<hearth-avatar .identity=${id} .name=${name}></hearth-avatar>`)}
      ${more > 0 ? html`<b>${t('timeline.more-readers', { count: more })}</b>` : nothing}
    </div>`
  }

  #toolbar() {
    const { event } = this.row
    if (event.kind !== 'message' || event.status !== 'sent') return nothing
    const editable = event.own && event.style !== 'notice'
    return html`<div
      class="toolbar"
      role="toolbar"
      aria-label=${t('timeline.actions', { name: event.sender.name })}
    >
      ${this.#action('reply', 'reply', t('timeline.reply'))}
      ${editable ? this.#action('edit', 'edit', t('timeline.edit')) : nothing}
      ${event.canRedact ? this.#action('delete', 'delete', t('timeline.delete')) : nothing}
    </div>`
  }

  #action(action: MessageAction, icon: 'reply' | 'edit' | 'delete', label: string) {
    return html`<hearth-icon-button
      icon=${icon}
      label=${label}
      variant=${action === 'delete' ? 'danger' : 'plain'}
      @click=${() => this.#act(action)}
    ></hearth-icon-button>`
  }

  #act(action: MessageAction): void {
    this.dispatchEvent(new MessageActionEvent(action, this.row.event.id))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-message-row': HearthMessageRow
  }
}
