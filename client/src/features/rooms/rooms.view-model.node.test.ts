import { expect, test } from 'vitest'
import type { RoomList, RoomSummary } from '#data/index.ts'
import { Emitter } from '#lib/emitter.ts'
import { Failure } from '#lib/errors.ts'
import { summary } from '#test/fakes/summaries.ts'
import { RoomsViewModel } from './rooms.view-model.ts'

class FakeRoomList implements RoomList {
  readonly changed = new Emitter()
  all: readonly RoomSummary[] = []
  failure: Error | undefined

  isLoaded = (): boolean => true
  rooms = (): readonly RoomSummary[] => this.all
  onRoomsChanged = (listener: () => void) => this.changed.subscribe(listener)
  create = (): Promise<string> => Promise.resolve('!new')
  declineInvitation = (): Promise<void> => Promise.resolve()
  acceptInvitation = (): Promise<void> =>
    this.failure === undefined ? Promise.resolve() : Promise.reject(this.failure)
}

function list(...rooms: RoomSummary[]): FakeRoomList {
  const fake = new FakeRoomList()
  fake.all = rooms
  return fake
}

test('invitations stand apart and rooms follow their last message', () => {
  const fake = list(
    summary({ id: 'old', lastActivity: 1 }),
    summary({ id: 'in', membership: 'invite' }),
    summary({ id: 'new', lastActivity: 2 }),
  )
  const { rooms, invitations } = new RoomsViewModel(fake).state
  expect(rooms.map(({ id }) => id)).toEqual(['new', 'old'])
  expect(invitations.map(({ id }) => id)).toEqual(['in'])
})

test('the filter ignores case and does not hide how many rooms there are', () => {
  const model = new RoomsViewModel(list(summary({ id: 'Kitchen' }), summary({ id: 'Attic' })))
  model.setFilter(' KIT ')
  expect(model.state.rooms.map(({ id }) => id)).toEqual(['Kitchen'])
  expect(model.state.joinedCount).toBe(2)
})

test('unread messages of the room on the screen do not count', () => {
  const fake = list(summary({ id: 'a', unread: 2 }), summary({ id: 'b', unread: 3 }))
  const model = new RoomsViewModel(fake)
  expect(model.state.unreadTotal).toBe(5)
  model.select('a')
  expect(model.state.unreadTotal).toBe(3)
})

test('a refused invitation says why and can be tried again', async () => {
  const fake = list(summary({ id: 'in', membership: 'invite' }))
  fake.failure = new Failure('forbidden', 'banned')
  const model = new RoomsViewModel(fake)
  expect(await model.accept('in')).toBe(false)
  expect(model.state).toMatchObject({ answering: [], failure: { code: 'forbidden' } })
  fake.failure = undefined
  expect(await model.accept('in')).toBe(true)
  expect(model.state.failure).toBeUndefined()
})

test('changes of the list arrive until the view model is disposed', () => {
  const fake = list()
  const model = new RoomsViewModel(fake)
  fake.all = [summary({ id: 'a' })]
  fake.changed.emit()
  expect(model.state.joinedCount).toBe(1)
  model.dispose()
  fake.all = []
  fake.changed.emit()
  expect(model.state.joinedCount).toBe(1)
})
