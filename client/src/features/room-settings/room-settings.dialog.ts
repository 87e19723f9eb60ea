import { html, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { HearthDialog } from '#components/dialog.ts'
import { onSubmit, valueOf } from '#components/dom-events.ts'
import '#components/text-field.ts'
import { failureText } from '#i18n/failure-text.ts'
import { t } from '#i18n/t.ts'
import type { RoomSettingsViewModel } from './room-settings.view-model.ts'

/**
 * @summary Name and topic of a room.
 * @event dialog-closed
 * @status stable
 */
@customElement('hearth-room-settings-dialog')
export class HearthRoomSettingsDialog extends HearthDialog {
  @property({ attribute: false }) viewModel!: RoomSettingsViewModel

  constructor() {
    super()
    this.observe(() => this.viewModel)
  }

  protected override heading(): string {
    return t('room.settings-title')
  }

  protected override content() {
    const { maySetName, maySetTopic, failure } = this.viewModel.state
    return html`<form novalidate @submit=${onSubmit(() => this.#save())}>
      ${
        maySetName || maySetTopic
          ? nothing
          : html`<p class="field-hint">${t('room.read-only-settings')}</p>`
      }
      ${this.#fields()}
      <div role="alert">
        ${failure === undefined ? nothing : html`<p class="form-error">${failureText(failure)}</p>`}
      </div>
      ${maySetName || maySetTopic ? this.#actions() : nothing}
    </form>`
  }

  #fields() {
    const model = this.viewModel
    const { name, topic, maySetName, maySetTopic } = model.state
    return html`<hearth-text-field
        name="settings-name"
        label=${t('room.name')}
        data-autofocus
        ?disabled=${!maySetName}
        .value=${name}
        @input=${(event: Event) => model.setName(valueOf(event))}
      ></hearth-text-field>
      <hearth-text-field
        name="settings-topic"
        label=${t('room.topic')}
        hint=${t('room.topic-hint')}
        ?disabled=${!maySetTopic}
        .value=${topic}
        @input=${(event: Event) => model.setTopic(valueOf(event))}
      ></hearth-text-field>`
  }

  #actions() {
    return html`<div class="form-actions">
      <button
        class="button"
        data-variant="primary"
        type="submit"
        aria-busy=${this.viewModel.state.busy ? 'true' : 'false'}
      >
        ${t('action.save')}
      </button>
    </div>`
  }

  async #save(): Promise<void> {
    if (await this.viewModel.save()) this.close()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-room-settings-dialog': HearthRoomSettingsDialog
  }
}
