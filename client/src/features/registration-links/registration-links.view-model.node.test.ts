import { expect, test, vi } from 'vitest'
import type { RegistrationToken } from '#data/index.ts'
import { FakePlatform } from '#test/fakes/fake-platform.ts'
import { RegistrationLinksViewModel } from './registration-links.view-model.ts'

const DAY = 86_400_000

function open() {
  let tokens: readonly RegistrationToken[] = []
  const create = vi.fn(
    (limits: { usesAllowed: number | undefined; expiresAt: number | undefined }) => {
      const token = { token: `t${tokens.length + 1}`, completed: 0, ...limits }
      tokens = [...tokens, token]
      return Promise.resolve(token)
    },
  )
  const links = {
    create,
    isAdministrator: () => Promise.resolve(true),
    list: () => Promise.resolve(tokens),
    remove: (name: string) => {
      tokens = tokens.filter(({ token }) => token !== name)
      return Promise.resolve()
    },
    linkFor: (token: string) => `https://h/#/register?token=${token}`,
  }
  const platform = new FakePlatform()
  return { create, platform, model: new RegistrationLinksViewModel({ links, platform }) }
}

test('a new link has the chosen limits and can be copied', async () => {
  const { create, platform, model } = open()
  await expect.poll(() => model.state.busy).toBe(false)
  model.setUses(5)
  model.setDays(1)
  await model.create()
  expect(create).toHaveBeenCalledWith({ usesAllowed: 5, expiresAt: platform.now() + DAY })
  expect(model.state.created).toBe('https://h/#/register?token=t1')
  expect(await model.copy(model.state.created ?? '')).toBe(true)
  expect(platform.copied).toEqual(['https://h/#/register?token=t1'])
})

test('zero means without limit', async () => {
  const { create, model } = open()
  await expect.poll(() => model.state.busy).toBe(false)
  model.setUses(0)
  model.setDays(0)
  await model.create()
  expect(create).toHaveBeenCalledWith({ usesAllowed: undefined, expiresAt: undefined })
})

test('deleting the link made last also takes it off the screen', async () => {
  const { model } = open()
  await expect.poll(() => model.state.busy).toBe(false)
  await model.create()
  await model.remove('t1')
  expect(model.state).toMatchObject({ tokens: [], created: undefined })
})

test('a link is spent when its time or its uses are over', () => {
  const { platform, model } = open()
  const token = { token: 't', usesAllowed: 2, completed: 1, expiresAt: platform.now() + 1 }
  expect(model.isExpired(token)).toBe(false)
  expect(model.isExpired({ ...token, completed: 2 })).toBe(true)
  platform.advance(1)
  expect(model.isExpired(token)).toBe(true)
})
