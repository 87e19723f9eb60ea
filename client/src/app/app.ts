import { type PropertyValues, css, html } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { NoticeRequestedEvent, RoomRequestedEvent } from '#components/app-events.ts'
import { baseStyles } from '#components/base.styles.ts'
import { HearthElement } from '#components/hearth-element.ts'
import '#components/spinner.ts'
import '#components/toast-stack.ts'
import type { HearthToastStack } from '#components/toast-stack.ts'
import type { Account, Credentials } from '#data/index.ts'
import type { ThemeChosenEvent } from '#features/account/account.panel.ts'
import '#features/login/login.panel.ts'
import { LoginViewModel } from '#features/login/login.view-model.ts'
import '#features/login/registration.panel.ts'
import { RegistrationViewModel } from '#features/login/registration.view-model.ts'
import { t } from '#i18n/t.ts'
import { applyTheme, readTheme, storeTheme, type Theme } from '#theme/theme.ts'
import { HomeViewModel } from './home.view-model.ts'
import './home.ts'
import { mark } from './marks.ts'
import type { Router } from './router.ts'
import type { Route } from './routes.ts'
import type { SessionViewModel } from './session.view-model.ts'

/**
 * @summary The root: shows the sign-in, registration or home page as session and route demand.
 * @status stable
 */
@customElement('hearth-app')
export class HearthApp extends HearthElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        height: 100%;
      }

      .starting {
        display: grid;
        height: 100%;
        place-content: center;
      }
    `,
  ]

  @property({ attribute: false }) session!: SessionViewModel
  @property({ attribute: false }) router!: Router
  @state() private _theme: Theme = 'system'
  @query('hearth-toast-stack') private readonly _toasts!: HearthToastStack
  #home: HomeViewModel | undefined
  #login: LoginViewModel | undefined
  #registration: RegistrationViewModel | undefined

  constructor() {
    super()
    this.observe(() => this.session)
    this.observe(() => this.router)
    this.observe(() => this.#home?.rooms)
    this.addEventListener('theme-chosen', this.#onTheme)
    this.addEventListener('notice-requested', this.#onNotice)
    this.addEventListener('room-requested', this.#onRoom)
    this.addEventListener('back-requested', () => this.router.go({ name: 'home' }))
    this.addEventListener('sign-out-confirmed', () => void this.#signOut())
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('session')) this._theme = readTheme(this.session.platform.storage)
    this.#syncModels()
  }

  protected override updated(): void {
    document.title = this.#title()
    if (this.session.state.session.stage !== 'starting') mark('shell-painted')
  }

  override render() {
    return html`${this.#page()}<hearth-toast-stack></hearth-toast-stack>`
  }

  #page() {
    if (this.#home !== undefined) {
      return html`<hearth-home .viewModel=${this.#home} .theme=${this._theme}></hearth-home>`
    }
    if (this.#registration !== undefined) {
      return html`<hearth-registration-panel
        .viewModel=${this.#registration}
      ></hearth-registration-panel>`
    }
    if (this.#login !== undefined) {
      return html`<hearth-login-panel .viewModel=${this.#login}></hearth-login-panel>`
    }
    return html`<div class="starting" role="status">
      <hearth-spinner></hearth-spinner><span class="visually-hidden">${t('app.starting')}</span>
    </div>`
  }

  /** Makes the view models the present page needs and disposes the others. */
  #syncModels(): void {
    const { session } = this.session.state
    const { route } = this.router
    if (session.stage === 'signed-in') this.#syncHome(session.account, route)
    else this.#dropHome()
    const signedOut = session.stage === 'signed-out'
    this.#syncRegistration(signedOut, route)
    this.#syncLogin(signedOut && this.#registration === undefined)
  }

  #syncHome(account: Account, route: Route): void {
    if (this.#home?.account !== account) {
      this.#dropHome()
      this.#home = new HomeViewModel(account, this.session.platform)
    }
    this.#home.select(route.name === 'room' ? route.roomId : undefined)
  }

  #dropHome(): void {
    this.#home?.dispose()
    this.#home = undefined
  }

  #syncLogin(wanted: boolean): void {
    if (wanted === (this.#login !== undefined)) return
    this.#login?.dispose()
    this.#login = wanted ? this.#makeLogin() : undefined
  }

  #makeLogin(): LoginViewModel {
    const { session } = this.session.state
    return new LoginViewModel({
      ...this.#authDependencies(),
      signedOut: session.stage === 'signed-out' && session.byServer,
    })
  }

  #syncRegistration(signedOut: boolean, route: Route): void {
    const wanted = signedOut && (route.name === 'register' || route.name === 'setup')
    if (wanted === (this.#registration !== undefined)) return
    this.#registration?.dispose()
    this.#registration = undefined
    if (!wanted) return
    const plain = route.token === '' ? 'plain' : 'invited'
    this.#registration = new RegistrationViewModel({
      ...this.#authDependencies(),
      purpose: route.name === 'setup' ? 'setup' : plain,
      token: route.token,
    })
    void this.#registration.loadMode()
  }

  #authDependencies() {
    const { authenticator, platform } = this.session
    return {
      authenticator,
      origin: platform.origin,
      onSignedIn: (credentials: Credentials) => void this.#enter(credentials),
    }
  }

  async #enter(credentials: Credentials): Promise<void> {
    if (this.router.route.name !== 'room') this.router.replace({ name: 'home' })
    await this.session.enter(credentials)
  }

  async #signOut(): Promise<void> {
    await this.session.signOut()
    this.router.replace({ name: 'login' })
  }

  #title(): string {
    const rooms = this.#home?.rooms.state
    const room = this.#home?.state.room?.conversation.room().name
    const title = room === undefined ? t('app.name') : t('app.title', { room })
    if (rooms === undefined || rooms.unreadTotal === 0) return title
    return t('app.title-unread', { count: rooms.unreadTotal, title })
  }

  readonly #onTheme = ({ theme }: ThemeChosenEvent): void => {
    this._theme = theme
    storeTheme(this.session.platform.storage, theme)
    applyTheme(document.documentElement, theme)
  }

  readonly #onNotice = ({ text, kind }: NoticeRequestedEvent): void => {
    this._toasts.show(text, kind)
  }

  readonly #onRoom = ({ roomId }: RoomRequestedEvent): void => {
    this.router.go({ name: 'room', roomId })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-app': HearthApp
  }
}
