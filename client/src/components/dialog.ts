import { type TemplateResult, css, html } from 'lit'
import { query } from 'lit/decorators.js'
import { t } from '#i18n/t.ts'
import { baseStyles, scrollStyles } from './base.styles.ts'
import { buttonStyles } from './button.styles.ts'
import { formStyles } from './form.styles.ts'
import { HearthElement } from './hearth-element.ts'
import './icon-button.ts'

/** The dialog was closed, by whatever means. */
class DialogClosedEvent extends Event {
  constructor() {
    super('dialog-closed')
  }
}

const dialogStyles = css`
  dialog {
    width: min(440px, calc(100vw - 24px));
    max-height: min(720px, calc(100dvh - 24px));
    padding: 0;
    border: 0;
    border-radius: var(--radius-3);
    background: var(--surface-3);
    box-shadow: var(--shadow-dialog);
    color: var(--text-1);
    font: 400 15px/1.45 var(--font);
  }

  dialog[open] {
    display: flex;
    flex-direction: column;
  }

  dialog::backdrop {
    background: var(--scrim);
  }

  .dialog-header {
    display: flex;
    align-items: flex-start;
    gap: var(--space-2);
    padding: var(--space-5) var(--space-4) 0 var(--space-6);
  }

  .dialog-header h2 {
    flex: 1;
    padding-block: 4px;
    font-size: 20px;
    font-weight: 700;
    line-height: 1.3;
    overflow-wrap: anywhere;
  }

  .dialog-body {
    padding: var(--space-3) var(--space-6) var(--space-6);
  }

  @media (width < 480px) {
    .dialog-header {
      padding: var(--space-4) var(--space-2) 0 var(--space-4);
    }

    .dialog-body {
      padding: var(--space-3) var(--space-4) var(--space-4);
    }
  }
`

/**
 * Base of every dialog. It is modal and opens when it is put on the page; focus stays inside and
 * goes to the element with `data-autofocus`, Esc closes only this one, and focus returns to where
 * it was. Content and frame share one root, so that labels and descriptions reach each other.
 * https://www.w3.org/WAI/ARIA/apg/patterns/dialog-modal/
 */
export abstract class HearthDialog extends HearthElement {
  static override styles = [baseStyles, scrollStyles, buttonStyles, formStyles, dialogStyles]

  @query('dialog') private readonly _dialog!: HTMLDialogElement | null

  /** The title. It names the matter; the buttons inside name their effect. */
  protected abstract heading(): string

  /** What stands below the title. */
  protected abstract content(): TemplateResult

  /** Closes the dialog; `dialog-closed` follows. */
  close(): void {
    this._dialog?.close()
  }

  protected override firstUpdated(): void {
    this._dialog?.showModal()
    // Fields inside have not rendered yet.
    requestAnimationFrame(() => {
      this.renderRoot.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    if (this._dialog?.open === true) this._dialog.close()
  }

  override render() {
    return html`<dialog
      aria-labelledby="heading"
      @close=${() => this.dispatchEvent(new DialogClosedEvent())}
    >
      <div class="dialog-header">
        <h2 id="heading">${this.heading()}</h2>
        <hearth-icon-button
          icon="close"
          label=${t('action.close')}
          @click=${() => this.close()}
        ></hearth-icon-button>
      </div>
      <div class="dialog-body scroll">${this.content()}</div>
    </dialog>`
  }
}
