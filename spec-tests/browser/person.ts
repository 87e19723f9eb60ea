import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Page,
  type Response as PageResponse,
} from '@playwright/test'
import { observe } from '../contract/exchange.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Why the browser tests can't run here; undefined when they can. With CI=true that is an error. */
export function missingBrowser(): string | undefined {
  if (process.env['HEARTH_CHROMIUM'] !== undefined) return undefined
  if (process.env['CI'] === 'true') throw new Error('HEARTH_CHROMIUM names no browser.')
  return 'HEARTH_CHROMIUM names no browser'
}

export interface PersonOptions {
  readonly colorScheme?: 'dark' | 'light'
  readonly width?: number
  readonly height?: number
}

/**
 * Chromium reports every 4xx as an error of the console. Registration is answered 401 until its stages
 * are done, and only administrators may list registration tokens.
 */
function isExpectedRefusal(url: string): boolean {
  return /\/v3\/register|\/_synapse\/admin\/v1\/registration_tokens/.test(url)
}

/** The recorder of answers sees what the client receives. */
async function observed(response: PageResponse): Promise<void> {
  const request = response.request()
  // an answer whose page has gone has no body any more
  const text = await response.text().catch(() => undefined)
  if (text === undefined) return
  const { origin, pathname, search } = new URL(response.url())
  observe({
    method: request.method(),
    origin,
    path: pathname + search,
    requestBody: request.postData() ?? undefined,
    status: response.status(),
    text,
  })
}

/** One person at a browser of their own: a separate Chromium process. */
export class Person implements AsyncDisposable {
  readonly page: Page
  /** What went wrong in the page: console errors, exceptions, violations of the content security policy. */
  readonly problems: string[] = []
  readonly #browser: Browser
  readonly #context: BrowserContext

  private constructor(browser: Browser, context: BrowserContext, page: Page) {
    this.#browser = browser
    this.#context = context
    this.page = page
    page.on('pageerror', (error) => this.problems.push(`exception: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error' && !isExpectedRefusal(message.location().url)) {
        this.problems.push(`console: ${message.text()} ${message.location().url}`)
      }
    })
  }

  /** Opens a browser at an address. */
  static async at(url: string, options: PersonOptions = {}): Promise<Person> {
    const browser = await chromium.launch({
      executablePath: process.env['HEARTH_CHROMIUM'] ?? '',
      args: FLAGS,
    })
    const context = await browser.newContext({
      colorScheme: options.colorScheme ?? 'dark',
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
      locale: 'en-GB',
      reducedMotion: 'reduce',
    })
    context.on('response', (response) => void observed(response))
    const page = await context.newPage()
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`)
      })
    })
    const person = new Person(browser, context, page)
    await page.goto(url)
    return person
  }

  /** A picture of the screen, for a person to look at; only when HEARTH_PICTURES names a folder. */
  async picture(name: string): Promise<void> {
    const folder = process.env['HEARTH_PICTURES']
    if (folder !== undefined) await this.page.screenshot({ path: join(folder, `${name}.png`) })
  }

  /** Accessibility findings of the screen as it is now, one line each. */
  async axe(): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page: this.page }).analyze()
    return violations.flatMap((violation) =>
      violation.nodes.map((node) => `${violation.id}: ${node.html} ${node.failureSummary ?? ''}`),
    )
  }

  /** Another window of the same person, signed in as they are. */
  async newTab(url: string): Promise<Page> {
    const page = await this.#context.newPage()
    await page.goto(url)
    return page
  }

  async register(username: string, password = `a long password of ${username}`): Promise<void> {
    const { page } = this
    await page.getByLabel('Username').fill(username)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByLabel('Password again').fill(password)
    await page.getByRole('button', { name: /^Create (administrator )?account$/ }).click()
    await page.getByRole('button', { name: /^Account menu for/ }).waitFor()
  }

  async signIn(username: string, password = `a long password of ${username}`): Promise<void> {
    const { page } = this
    await page.getByLabel('Username').fill(username)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: /^Account menu for/ }).waitFor()
  }

  async createRoom(name: string, invite = ''): Promise<void> {
    const { page } = this
    await page.getByRole('button', { name: 'Create room' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Create a room' })
    await dialog.getByLabel('Room name').fill(name)
    if (invite !== '') await dialog.getByLabel('Invite (optional)').fill(invite)
    await dialog.getByRole('button', { name: 'Create room' }).click()
    await page.getByRole('heading', { name }).first().waitFor()
  }

  async openRoom(name: string): Promise<void> {
    await this.page.getByRole('link', { name: new RegExp(`^${name}`) }).click()
  }

  composer(room: string) {
    return this.page.getByRole('textbox', { name: `Message ${room}` })
  }

  async say(room: string, text: string): Promise<void> {
    await this.composer(room).fill(text)
    await this.composer(room).press('Enter')
  }

  /** Waits until a message with this text is on the screen. */
  async sees(text: string): Promise<void> {
    await this.page.getByText(text, { exact: true }).first().waitFor()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close()
  }
}
