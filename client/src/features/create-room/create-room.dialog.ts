import { css, html } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { HearthDialog } from '#components/dialog.ts'
import { onSubmit, valueOf } from '#components/dom-events.ts'
import '#components/icon.ts'
import '#components/text-field.ts'
import { failureText } from '#i18n/failure-text.ts'
import { t } from '#i18n/t.ts'
import type { CreateRoomViewModel } from './create-room.view-model.ts'

const MAX_NAME = 255

/**
 * @summary Creates a room.
 * @event dialog-closed
 * @status stable
 */
@customElement('hearth-create-room-dialog')
export class HearthCreateRoomDialog extends HearthDialog {
  static override styles = [
    ...HearthDialog.styles,
    css`
      fieldset {
        display: grid;
        gap: var(--space-2);
        margin: 0;
        padding: 0;
        border: 0;
      }

      legend {
        padding: 0;
      }

      .choice {
        display: grid;
        grid-template-columns: auto auto 1fr;
        gap: 0 var(--space-3);
        align-items: center;
        padding: 10px 12px;
        border: 1px solid var(--line);
        border-radius: var(--radius-2);
        cursor: pointer;
        --icon-size: 18px;
      }

      .choice:hover {
        background: var(--surface-hover);
      }

      .choice:has(:checked) {
        border-color: var(--accent);
        background: var(--accent-soft);
      }

      .choice:has(:focus-visible) {
        outline: 2px solid var(--focus);
        outline-offset: 1px;
      }

      .choice input {
        width: 18px;
        height: 18px;
        margin: 0;
        outline: none;
        accent-color: var(--accent);
      }

      .choice b {
        display: block;
        font-size: 15px;
        font-weight: 600;
      }

      .choice small {
        color: var(--text-2);
        font-size: var(--text-small);
      }
    `,
  ]

  @property({ attribute: false }) viewModel!: CreateRoomViewModel

  constructor() {
    super()
    this.observe(() => this.viewModel)
  }

  protected override heading(): string {
    return t('create.title')
  }

  protected override content() {
    const model = this.viewModel
    const { busy, failure } = model.state
    return html`<form novalidate @submit=${onSubmit(() => model.submit())}>
      ${this.#fields()}
      <div role="alert">
        ${failure === undefined ? '' : html`<p class="form-error">${failureText(failure)}</p>`}
      </div>
      <div class="form-actions">
        <button
          class="button"
          data-variant="primary"
          type="submit"
          aria-busy=${busy ? 'true' : 'false'}
        >
          ${busy ? t('create.busy') : t('create.submit')}
        </button>
      </div>
    </form>`
  }

  #fields() {
    const model = this.viewModel
    const { name, nameMissing, topic, invite, badInvite } = model.state
    return html`<hearth-text-field
        name="room-name"
        label=${t('create.name')}
        maxlength=${MAX_NAME}
        required
        data-autofocus
        error=${nameMissing ? t('create.name-empty') : ''}
        .value=${name}
        @input=${(event: Event) => model.setName(valueOf(event))}
      ></hearth-text-field>
      <hearth-text-field
        name="room-topic"
        label=${t('create.topic')}
        .value=${topic}
        @input=${(event: Event) => model.setTopic(valueOf(event))}
      ></hearth-text-field>
      <fieldset>
        <legend class="field-label">${t('create.access')}</legend>
        ${this.#choice('private')} ${this.#choice('public')}
      </fieldset>
      <hearth-text-field
        name="room-invite"
        label=${t('create.invite')}
        hint=${t('create.invite-hint')}
        error=${badInvite === '' ? '' : t('create.invite-bad', { input: badInvite })}
        .value=${invite}
        @input=${(event: Event) => model.setInvite(valueOf(event))}
      ></hearth-text-field>`
  }

  #choice(visibility: 'private' | 'public') {
    return html`<label class="choice">
      <input
        type="radio"
        name="visibility"
        .value=${visibility}
        .checked=${this.viewModel.state.visibility === visibility}
        @change=${() => this.viewModel.setVisibility(visibility)}
      />
      <hearth-icon name=${visibility === 'private' ? 'lock' : 'members'}></hearth-icon>
      <span
        ><b>${t(`create.${visibility}`)}</b><small>${t(`create.${visibility}-hint`)}</small></span
      >
    </label>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-create-room-dialog': HearthCreateRoomDialog
  }
}
