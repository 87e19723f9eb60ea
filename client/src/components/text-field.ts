import { html, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { t } from '#i18n/t.ts'
import { HearthElement } from './hearth-element.ts'
import './icon.ts'

type Autocomplete = 'username' | 'current-password' | 'new-password' | 'url' | 'nickname' | 'off'

/**
 * @summary A labelled line of text with a hint and an error. It renders into the surrounding root
 * instead of its own, so that the native form, the Enter key, password managers and `aria-*`
 * references work as they do with a plain input. Add `formStyles` to that root.
 * @event input - The native event of the field.
 * @status stable
 */
@customElement('hearth-text-field')
export class HearthTextField extends HearthElement {
  @property() label = ''
  @property() name = ''
  @property() type: 'text' | 'password' | 'url' | 'search' = 'text'
  @property() hint = ''
  @property() error = ''
  @property() placeholder = ''
  @property() autocomplete: Autocomplete = 'off'
  @property({ type: Number }) maxlength = 0
  @property({ type: Boolean }) required = false
  @property({ type: Boolean }) disabled = false
  @property({ attribute: false }) value = ''
  @state() private _revealed = false
  @query('input') private readonly _input!: HTMLInputElement | null

  protected override createRenderRoot(): this {
    return this
  }

  override focus(options?: FocusOptions): void {
    this._input?.focus(options)
  }

  override render() {
    const id = `field-${this.name}`
    const note = this.error === '' ? this.hint : this.error
    return html`<label class="field-label" for=${id}>${this.label}</label>
      <div class="field-box">
        <input
          class="field-input"
          id=${id}
          name=${this.name}
          type=${this._revealed ? 'text' : this.type}
          autocomplete=${this.autocomplete}
          autocapitalize="none"
          autocorrect="off"
          spellcheck="false"
          placeholder=${this.placeholder === '' ? nothing : this.placeholder}
          maxlength=${this.maxlength === 0 ? nothing : this.maxlength}
          aria-required=${this.required ? 'true' : nothing}
          aria-invalid=${this.error === '' ? nothing : 'true'}
          aria-describedby=${note === '' ? nothing : `${id}-note`}
          ?data-reveals=${this.type === 'password'}
          ?disabled=${this.disabled}
          .value=${this.value}
        />
        ${this.type === 'password' ? this.#revealButton() : nothing}
      </div>
      ${this.#note(`${id}-note`)}`
  }

  #revealButton() {
    const label = this._revealed ? t('field.hide-password') : t('field.show-password')
    return html`<button
      class="field-reveal"
      type="button"
      aria-label=${label}
      title=${label}
      @click=${() => {
        this._revealed = !this._revealed
      }}
    >
      <hearth-icon name=${this._revealed ? 'eye-off' : 'eye'}></hearth-icon>
    </button>`
  }

  #note(id: string) {
    if (this.error !== '') {
      return html`<p class="field-error" id=${id}>
        <hearth-icon name="alert"></hearth-icon><span>${this.error}</span>
      </p>`
    }
    return this.hint === '' ? nothing : html`<p class="field-hint" id=${id}>${this.hint}</p>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-text-field': HearthTextField
  }
}
