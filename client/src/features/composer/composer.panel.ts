import { type PropertyValues, css, html, nothing } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { baseStyles } from '#components/base.styles.ts'
import { valueOf } from '#components/dom-events.ts'
import { HearthElement } from '#components/hearth-element.ts'
import '#components/icon-button.ts'
import { t } from '#i18n/t.ts'
import type { ComposerMode, ComposerViewModel } from './composer.view-model.ts'

/** A message was sent from the composer. */
class MessageSentEvent extends Event {
  constructor() {
    super('message-sent', { bubbles: true, composed: true })
  }
}

/**
 * @summary Where messages are written. Enter sends, Shift+Enter makes a line, Up in an empty field
 * edits the last own message, Esc leaves an answer or edit.
 * @event message-sent
 * @status stable
 */
@customElement('hearth-composer-panel')
export class HearthComposerPanel extends HearthElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        flex: none;
        padding: 0 var(--space-4) max(var(--space-4), env(safe-area-inset-bottom));
      }

      .box {
        border: 1px solid var(--line);
        border-radius: var(--radius-2);
        background: var(--surface-composer);
      }

      .box:focus-within {
        border-color: var(--focus);
        box-shadow: 0 0 0 1px var(--focus);
      }

      .mode {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        padding: 4px 4px 4px 14px;
        border-block-end: 1px solid var(--line);
        color: var(--text-2);
        font-size: var(--text-small);
        --icon-size: 16px;
        --button-size: 28px;
      }

      .mode p {
        flex: 1;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .mode b {
        margin-inline-end: 6px;
        color: var(--text-1);
        font-weight: 600;
      }

      .line {
        display: flex;
        align-items: flex-end;
        gap: 4px;
        padding: 4px;
      }

      textarea {
        flex: 1;
        min-width: 0;
        min-height: 38px;
        max-height: min(40vh, 320px);
        padding: 8px 8px 8px 12px;
        border: 0;
        background: none;
        color: var(--text-1);
        font: 400 var(--text-size) / var(--text-line) var(--font);
        resize: none;
        scrollbar-width: thin;
        scrollbar-color: var(--line-strong) transparent;
      }

      textarea:focus-visible {
        outline: none;
      }

      textarea::placeholder {
        overflow: hidden;
        color: var(--text-3);
        opacity: 1;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .barred {
        padding: 12px 16px;
        color: var(--text-2);
        font-size: 14px;
        text-align: center;
      }

      @media (width < 480px) {
        :host {
          padding-inline: var(--space-2);
          padding-block-end: max(var(--space-2), env(safe-area-inset-bottom));
        }
      }
    `,
  ]

  @property({ attribute: false }) viewModel!: ComposerViewModel
  @query('textarea') private readonly _field!: HTMLTextAreaElement | null

  constructor() {
    super()
    this.observe(() => this.viewModel)
  }

  override focus(): void {
    this._field?.focus()
  }

  protected override updated(_changed: PropertyValues): void {
    const field = this._field
    if (field === null) return
    field.style.setProperty('height', 'auto')
    field.style.setProperty('height', `${field.scrollHeight}px`)
  }

  override render() {
    const { roomName, text, mode, maySend } = this.viewModel.state
    if (!maySend) {
      return html`<div class="box"><p class="barred">${t('composer.no-permission')}</p></div>`
    }
    const label = t('composer.label', { room: roomName })
    return html`<div class="box">
      ${mode.kind === 'new' ? nothing : this.#mode(mode)}
      <div class="line">
        <textarea
          rows="1"
          aria-label=${label}
          placeholder=${label}
          enterkeyhint="send"
          autocomplete="off"
          .value=${text}
          @input=${(event: Event) => this.viewModel.setText(valueOf(event))}
          @keydown=${this.#onKey}
        ></textarea>
        <hearth-icon-button
          icon="send"
          label=${t('composer.send')}
          variant=${text.trim() === '' ? 'plain' : 'accent'}
          ?disabled=${text.trim() === ''}
          @click=${this.#send}
        ></hearth-icon-button>
      </div>
    </div>`
  }

  #mode(mode: Extract<ComposerMode, { kind: 'reply' | 'edit' }>) {
    const edits = mode.kind === 'edit'
    const title = edits ? t('composer.editing') : t('composer.replying', { name: mode.name })
    return html`<div class="mode">
      <hearth-icon name=${edits ? 'edit' : 'reply'}></hearth-icon>
      <p><b>${title}</b>${edits ? nothing : mode.quote}</p>
      <hearth-icon-button
        icon="close"
        label=${edits ? t('composer.cancel-edit') : t('composer.cancel-reply')}
        @click=${this.#cancelMode}
      ></hearth-icon-button>
    </div>`
  }

  readonly #cancelMode = (): void => {
    this.viewModel.cancelMode()
    this.focus()
  }

  readonly #send = (): void => {
    if (this.viewModel.send()) this.dispatchEvent(new MessageSentEvent())
    this.focus()
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    // A key that picks a suggestion of an input method is not meant for the composer.
    if (event.isComposing) return
    const { text, mode } = this.viewModel.state
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      this.#send()
    } else if (event.key === 'ArrowUp' && text === '' && mode.kind === 'new') {
      if (this.viewModel.editLast()) event.preventDefault()
    } else if (event.key === 'Escape' && mode.kind !== 'new') {
      event.stopPropagation()
      this.viewModel.cancelMode()
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-composer-panel': HearthComposerPanel
  }
  interface GlobalEventHandlersEventMap {
    'message-sent': MessageSentEvent
  }
}
