import { html, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { NoticeRequestedEvent } from '#components/app-events.ts'
import { HearthDialog } from '#components/dialog.ts'
import { onSubmit, valueOf } from '#components/dom-events.ts'
import '#components/icon-button.ts'
import { failureText } from '#i18n/failure-text.ts'
import { formatDate } from '#i18n/format.ts'
import { t } from '#i18n/t.ts'
import { registrationLinksStyles } from './registration-links.styles.ts'
import type {
  RegistrationLinksViewModel,
  RegistrationToken,
} from './registration-links.view-model.ts'

const USES = [1, 5, 10, 25, 0]
const DAYS = [1, 7, 30, 0]

function usesText(uses: number): string {
  if (uses === 0) return t('links.uses-unlimited')
  return uses === 1 ? t('links.uses-one') : t('links.uses-many', { count: uses })
}

const daysText = (days: number): string =>
  days === 0 ? t('links.expiry-never') : t('links.expiry-days', { count: days })

/**
 * @summary Creates, lists and deletes registration links. For administrators.
 * @event dialog-closed
 * @event notice-requested
 * @status stable
 */
@customElement('hearth-registration-links-dialog')
export class HearthRegistrationLinksDialog extends HearthDialog {
  static override styles = [...HearthDialog.styles, registrationLinksStyles]

  @property({ attribute: false }) viewModel!: RegistrationLinksViewModel

  constructor() {
    super()
    this.observe(() => this.viewModel)
  }

  protected override heading(): string {
    return t('links.title')
  }

  protected override content() {
    const { created, failure } = this.viewModel.state
    return html`<p class="lead">${t('links.lead')}</p>
      ${this.#form()} ${created === undefined ? nothing : this.#created(created)}
      <div role="alert">
        ${failure === undefined ? nothing : html`<p class="form-error">${failureText(failure)}</p>`}
      </div>
      <h3>${t('links.existing')}</h3>
      ${this.#list()}`
  }

  #form() {
    const model = this.viewModel
    const { uses, days, busy } = model.state
    return html`<form novalidate @submit=${onSubmit(() => model.create())}>
      <div class="field-row">
        ${this.#select('uses', t('links.uses'), USES, uses, usesText, (n) => model.setUses(n))}
        ${this.#select('days', t('links.expiry'), DAYS, days, daysText, (n) => model.setDays(n))}
      </div>
      <button
        class="button"
        data-variant="primary"
        type="submit"
        aria-busy=${busy ? 'true' : 'false'}
      >
        <hearth-icon name="link"></hearth-icon>${t('links.create')}
      </button>
    </form>`
  }

  #select(
    name: string,
    label: string,
    values: readonly number[],
    chosen: number,
    text: (value: number) => string,
    choose: (value: number) => void,
  ) {
    return html`<div>
      <label class="field-label" for=${name}>${label}</label>
      <select
        class="field-select"
        id=${name}
        @change=${(event: Event) => choose(Number(valueOf(event)))}
      >
        ${values.map(
          (value) =>
            html`<option value=${value} ?selected=${value === chosen}>${text(value)}</option>`,
        )}
      </select>
    </div>`
  }

  #created(link: string) {
    return html`<h3>${t('links.link-label')}</h3>
      <div class="created">
        <input class="field-input" readonly aria-label=${t('links.link-label')} .value=${link} />
        <button class="button" type="button" @click=${() => this.#copy(link)}>
          <hearth-icon name="copy"></hearth-icon>${t('action.copy')}
        </button>
      </div>`
  }

  #list() {
    const { tokens } = this.viewModel.state
    if (tokens === undefined) return nothing
    if (tokens.length === 0) return html`<p class="none">${t('links.none')}</p>`
    return html`<ul>
      ${tokens.map((token) => this.#token(token))}
    </ul>`
  }

  #token(entry: RegistrationToken) {
    const { token } = entry
    return html`<li ?data-expired=${this.viewModel.isExpired(entry)}>
      <div><code>${token}</code><small>${this.#limits(entry)}</small></div>
      <hearth-icon-button
        icon="copy"
        label=${t('links.copy-label', { token })}
        @click=${() => this.#copy(this.viewModel.linkFor(token))}
      ></hearth-icon-button>
      <hearth-icon-button
        icon="delete"
        variant="danger"
        label=${t('links.delete-label', { token })}
        @click=${() => this.viewModel.remove(token)}
      ></hearth-icon-button>
    </li>`
  }

  #limits({ completed, usesAllowed, expiresAt }: RegistrationToken): string {
    const used =
      usesAllowed === undefined
        ? t('links.used-unlimited', { count: completed })
        : t('links.used', { completed, allowed: usesAllowed })
    const end =
      expiresAt === undefined
        ? t('links.never-expires')
        : t('links.expires', { date: formatDate(expiresAt) })
    return `${used} · ${end}`
  }

  async #copy(link: string): Promise<void> {
    const copied = await this.viewModel.copy(link)
    const text = t(copied ? 'action.copied' : 'action.copy-failed')
    this.dispatchEvent(new NoticeRequestedEvent(text, copied ? 'info' : 'error'))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-registration-links-dialog': HearthRegistrationLinksDialog
  }
}
