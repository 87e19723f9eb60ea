import { html, nothing } from 'lit'
import '#components/icon.ts'
import '#components/text-field.ts'
import { valueOf } from '#components/dom-events.ts'
import { failureText } from '#i18n/failure-text.ts'
import { t } from '#i18n/t.ts'
import type { Failure } from '#lib/errors.ts'

/** The name and sign of Hearth above the card. */
export const brand = () =>
  html`<div class="brand">
    <span><hearth-icon name="flame"></hearth-icon></span>${t('app.name')}
  </div>`

/** What went wrong with the whole form, spoken at once. */
export const formError = (failure: Failure | undefined) =>
  html`<div role="alert">
    ${
      failure === undefined
        ? nothing
        : html`<p class="form-error">
            <hearth-icon name="alert"></hearth-icon><span>${failureText(failure)}</span>
          </p>`
    }
  </div>`

/** The homeserver, folded away because it is right for most people. */
export const homeserverField = (
  value: string,
  open: boolean,
  onChange: (value: string) => void,
  onLeave: () => void,
) =>
  html`<details ?open=${open}>
    <summary>${t('login.advanced')}</summary>
    <hearth-text-field
      name="homeserver"
      label=${t('login.homeserver')}
      hint=${t('login.homeserver-hint')}
      autocomplete="url"
      .value=${value}
      @input=${(event: Event) => onChange(valueOf(event))}
      @change=${onLeave}
    ></hearth-text-field>
  </details>`
