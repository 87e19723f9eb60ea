import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HttpClient } from '../target/matrix-client.ts'
import { startServer, type Target } from '../target/server.ts'
import { register } from '../target/user.ts'
import { missingBrowser, Person } from './person.ts'

const missing = missingBrowser()

describe.skipIf(missing !== undefined)(
  `two people talk in two browsers${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    let target: Target
    let alice: Person
    let bob: Person

    beforeAll(async () => {
      target = await startServer()
      alice = await Person.at(`${target.url}/#/register`)
      bob = await Person.at(`${target.url}/#/register`, { colorScheme: 'light' })
    })

    afterAll(async () => {
      await alice?.[Symbol.asyncDispose]()
      await bob?.[Symbol.asyncDispose]()
      await target?.[Symbol.asyncDispose]()
    })

    test('both register and find an empty home', async () => {
      expect(await alice.axe()).toEqual([])
      await Promise.all([alice.register('alice'), bob.register('bob')])
      await alice.page.getByText('No rooms yet').waitFor()
      expect(await alice.axe()).toEqual([])
      expect(await bob.axe()).toEqual([])
    })

    test('one creates a room and invites the other by user id, who accepts', async () => {
      await alice.createRoom('Kitchen')
      await alice.page.getByRole('button', { name: 'Invite to room' }).first().click()
      const dialog = alice.page.getByRole('dialog', { name: 'Invite to Kitchen' })
      expect(await alice.axe()).toEqual([])
      await dialog.getByLabel('User id').fill(`@bob:localhost:${target.port}`)
      await dialog.getByRole('button', { name: 'Send invitation' }).click()
      await bob.page.getByRole('button', { name: 'Accept invitation to Kitchen' }).first().click()
      await bob.composer('Kitchen').waitFor()
      await alice.page.getByText('bob joined').waitFor()
    })

    test('messages, typing and receipts travel both ways', async () => {
      await alice.say('Kitchen', 'The kettle is on.')
      await bob.sees('The kettle is on.')
      await bob.composer('Kitchen').pressSequentially('On my w')
      await alice.page.getByText('bob is typing…').waitFor()
      await bob.composer('Kitchen').pressSequentially('ay!')
      await bob.composer('Kitchen').press('Enter')
      await alice.sees('On my way!')
      await alice.page.getByText('bob is typing…').waitFor({ state: 'detached' })
      await bob.page
        .getByLabel(/^Read by .*alice/)
        .first()
        .waitFor()
      expect(await alice.axe()).toEqual([])
      expect(await bob.axe()).toEqual([])
    })

    test('what arrives in another room counts as unread until it is read', async () => {
      await bob.createRoom('Attic')
      await alice.say('Kitchen', 'Milk?')
      await alice.say('Kitchen', 'Sugar?')
      await bob.page.getByRole('link', { name: /Kitchen.*2 unread messages/ }).waitFor()
      await bob.openRoom('Kitchen')
      await bob.sees('Sugar?')
      await bob.page.getByRole('link', { name: /Kitchen.*unread/ }).waitFor({ state: 'detached' })
    })

    test('a message can be edited and deleted for everyone', async () => {
      await bob.say('Kitchen', 'No suger')
      await alice.sees('No suger')
      await bob.composer('Kitchen').press('ArrowUp')
      await bob.composer('Kitchen').fill('No sugar')
      await bob.composer('Kitchen').press('Enter')
      await alice.page.getByText('No sugar').first().waitFor()
      await alice.page.getByText('(edited)').first().waitFor()
      await bob.say('Kitchen', 'Forget this')
      await alice.sees('Forget this')
      await bob.page.getByRole('article', { name: /Forget this/ }).hover()
      await bob.page.getByRole('button', { name: 'Delete message' }).last().click()
      await bob.page
        .getByRole('dialog', { name: 'Delete this message?' })
        .getByRole('button', { name: 'Delete message' })
        .click()
      await alice.page.getByRole('article', { name: /Forget this/ }).waitFor({ state: 'detached' })
      await alice.picture('conversation-1280-dark')
      await bob.picture('conversation-1280-light')
    })

    test('older messages come while scrolling up, each once', async () => {
      const http = new HttpClient(target.url)
      const carol = await register(http, 'carol')
      const room = await carol.createRoom({ name: 'Archive', preset: 'public_chat' })
      for (let n = 1; n <= 120; n += 1) await carol.sendText(room, `Entry ${n}`)
      await carol.invite(room, `@alice:localhost:${target.port}`)
      await alice.page.getByRole('button', { name: 'Accept invitation to Archive' }).first().click()
      await alice.sees('Entry 120')
      const seen = new Set<string>()
      const first = alice.page.getByText('Entry 1', { exact: true })
      for (let n = 0; n < 200 && (await first.count()) === 0; n += 1) {
        for (const text of await alice.page.getByText(/^Entry \d+$/).allTextContents()) {
          seen.add(text.trim())
        }
        await alice.page
          .getByText(/^Entry \d+$/)
          .first()
          .hover()
        await alice.page.mouse.wheel(0, -600)
        await alice.page.waitForTimeout(30)
      }
      await first.waitFor()
      for (const text of await alice.page.getByText(/^Entry \d+$/).allTextContents()) {
        seen.add(text.trim())
      }
      expect(seen.size).toBe(120)
      http.close()
    })

    test('a reload keeps the session, signing out ends it, signing in brings everything back', async () => {
      await bob.page.reload()
      await bob.sees('Sugar?')
      await bob.page.getByRole('button', { name: /^Account menu for/ }).click()
      await bob.page.getByRole('menuitem', { name: 'Sign out' }).click()
      await bob.page
        .getByRole('dialog', { name: 'Sign out?' })
        .getByRole('button', { name: 'Sign out' })
        .click()
      await bob.page.getByRole('button', { name: 'Sign in' }).waitFor()
      await bob.signIn('bob')
      await bob.openRoom('Kitchen')
      await bob.sees('No sugar')
    })

    test('no page reported an error or a violation of its policy', () => {
      expect(alice.problems).toEqual([])
      expect(bob.problems).toEqual([])
    })
  },
)
