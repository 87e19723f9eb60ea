import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type NormalServer, startNormalServer } from '../target/normal-server.ts'
import { freePort } from '../target/server.ts'
import { testFolder } from '../target/test-folder.ts'
import { missingBrowser, Person } from './person.ts'

const missing = missingBrowser()

describe.skipIf(missing !== undefined)(
  `from the first start to the first message${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    const data = mkdtempSync(join(testFolder(), 'hearth-first-'))
    let server: NormalServer
    let admin: Person
    let friend: Person

    beforeAll(async () => {
      server = await startNormalServer(data, await freePort())
    })

    afterAll(async () => {
      await admin?.[Symbol.asyncDispose]()
      await friend?.[Symbol.asyncDispose]()
      await server?.[Symbol.asyncDispose]()
      rmSync(data, { recursive: true, force: true, maxRetries: 5 })
    })

    test('without a link nobody gets in: the form asks for a token', async () => {
      friend = await Person.at(`${server.url}/#/register`, {
        colorScheme: 'light',
        width: 390,
        height: 844,
      })
      await friend.page.getByLabel('Registration token').waitFor()
      expect(await friend.axe()).toEqual([])
      await friend.picture('register-390-light')
    })

    test('the set-up link makes the administrator, once', async () => {
      admin = await Person.at(server.setupLink ?? '', { width: 390, height: 844 })
      expect(await admin.axe()).toEqual([])
      await admin.picture('setup-390-dark')
      await admin.register('ada')
      await admin.picture('home-390-dark')
    })

    test('the administrator hands out a link, through which a friend registers', async () => {
      const { page } = admin
      await page.getByRole('button', { name: /^Account menu for/ }).click()
      await page.getByRole('menuitem', { name: 'Invite people to this server' }).click()
      const dialog = page.getByRole('dialog', { name: 'Invite people to this server' })
      await dialog.getByRole('button', { name: 'Create link' }).click()
      const link = await dialog.getByLabel('Registration link').inputValue()
      expect(await admin.axe()).toEqual([])
      await admin.picture('links-390-dark')
      await dialog.getByRole('button', { name: 'Close' }).click()
      await friend.page.goto(link)
      await friend.page.reload()
      await friend.register('grace')
      await friend.picture('home-390-light')
    })

    test('they talk on small screens', async () => {
      await admin.createRoom('Hall', '@grace:localhost')
      await friend.page.getByRole('button', { name: 'Accept invitation to Hall' }).first().click()
      await friend.composer('Hall').waitFor()
      await friend.say('Hall', 'Here I am.')
      await admin.sees('Here I am.')
      await admin.say('Hall', 'Welcome home.')
      await friend.sees('Welcome home.')
      expect(await friend.axe()).toEqual([])
      expect(await admin.axe()).toEqual([])
      await friend.picture('room-390-light')
      await admin.picture('room-390-dark')
    })

    test('no page reported an error or a violation of its policy', () => {
      expect(admin.problems).toEqual([])
      expect(friend.problems).toEqual([])
    })
  },
)
