import { html } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { NoticeRequestedEvent } from '#components/app-events.ts'
import { HearthDialog } from '#components/dialog.ts'
import { onSubmit, valueOf } from '#components/dom-events.ts'
import '#components/text-field.ts'
import { failureText } from '#i18n/failure-text.ts'
import { t } from '#i18n/t.ts'
import type { InviteProblem, InviteViewModel } from './invite.view-model.ts'

function problemText(problem: InviteProblem | undefined): string {
  switch (problem?.kind) {
    case undefined:
      return ''
    case 'bad':
      return t('invite.bad')
    case 'self':
      return t('invite.self')
    case 'joined':
      return t('invite.already', { name: problem.name })
    case 'invited':
      return t('invite.already-invited', { name: problem.name })
  }
}

/**
 * @summary Invites somebody to the room by user id.
 * @event dialog-closed
 * @event notice-requested
 * @status stable
 */
@customElement('hearth-invite-dialog')
export class HearthInviteDialog extends HearthDialog {
  @property({ attribute: false }) viewModel!: InviteViewModel

  constructor() {
    super()
    this.observe(() => this.viewModel)
  }

  protected override heading(): string {
    return t('invite.title', { room: this.viewModel.state.roomName })
  }

  protected override content() {
    const model = this.viewModel
    const { serverName, input, problem, busy, failure } = model.state
    return html`<form novalidate @submit=${onSubmit(() => this.#submit())}>
      <hearth-text-field
        name="invite-user"
        label=${t('invite.user')}
        hint=${t('invite.user-hint', { server: serverName })}
        placeholder="@"
        required
        data-autofocus
        error=${problemText(problem)}
        .value=${input}
        @input=${(event: Event) => model.setInput(valueOf(event))}
      ></hearth-text-field>
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
          ${busy ? t('invite.busy') : t('invite.submit')}
        </button>
      </div>
    </form>`
  }

  async #submit(): Promise<void> {
    const user = await this.viewModel.submit()
    if (user === undefined) return
    this.dispatchEvent(new NoticeRequestedEvent(t('invite.sent', { user })))
    this.close()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-invite-dialog': HearthInviteDialog
  }
}
