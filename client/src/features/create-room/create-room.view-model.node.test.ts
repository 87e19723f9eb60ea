import { expect, test, vi } from 'vitest'
import type { NewRoom } from '#data/index.ts'
import { Failure } from '#lib/errors.ts'
import { CreateRoomViewModel } from './create-room.view-model.ts'

function open() {
  const create = vi.fn((_room: NewRoom) => Promise.resolve('!new'))
  const onCreated = vi.fn()
  const model = new CreateRoomViewModel({ creator: { create }, serverName: 'h.org', onCreated })
  return { model, create, onCreated }
}

test('creates the room and invites each person once', async () => {
  const { model, create, onCreated } = open()
  model.setName(' Kitchen ')
  model.setInvite('bob, @carol:o.org; @bob:h.org')
  await model.submit()
  expect(create).toHaveBeenCalledWith({
    name: 'Kitchen',
    topic: '',
    visibility: 'private',
    invite: ['@bob:h.org', '@carol:o.org'],
  })
  expect(onCreated).toHaveBeenCalledWith('!new')
})

test('a room needs a name, and invitations need user ids', async () => {
  const { model, create } = open()
  model.setInvite('bob @no@pe:x:y:z/')
  await model.submit()
  expect(model.state).toMatchObject({ nameMissing: true, badInvite: '@no@pe:x:y:z/' })
  expect(create).not.toHaveBeenCalled()
})

test('a refusal leaves the form as it was', async () => {
  const { model, create, onCreated } = open()
  create.mockRejectedValueOnce(new Failure('forbidden'))
  model.setName('Kitchen')
  await model.submit()
  expect(model.state).toMatchObject({
    name: 'Kitchen',
    busy: false,
    failure: { code: 'forbidden' },
  })
  expect(onCreated).not.toHaveBeenCalled()
})
