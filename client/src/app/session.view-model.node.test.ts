import { expect, test } from 'vitest'
import type { Account, ConnectionStatus, Credentials } from '#data/index.ts'
import { createSessionStore } from '#data/session-store.ts'
import { Emitter } from '#lib/emitter.ts'
import { FakeAuthenticator } from '#test/fakes/fake-authenticator.ts'
import { FakePlatform } from '#test/fakes/fake-platform.ts'
import { SessionViewModel } from './session.view-model.ts'

const credentials: Credentials = {
  homeserverUrl: 'https://h',
  userId: '@a:h',
  deviceId: 'D',
  accessToken: 't',
}

function setUp() {
  const platform = new FakePlatform()
  const store = createSessionStore(platform.storage)
  const changed = new Emitter()
  const calls: string[] = []
  let status: ConnectionStatus = 'live'
  const act = (name: string) => (): Promise<void> => {
    calls.push(name)
    return Promise.resolve()
  }
  const account = {
    connection: {
      status: () => status,
      onStatusChanged: (listener: () => void) => changed.subscribe(listener),
      retryNow: () => undefined,
    },
    start: act('start'),
    signOut: act('signOut'),
    forget: act('forget'),
  } as Partial<Account> as Account
  const become = (next: ConnectionStatus): void => {
    status = next
    changed.emit()
  }
  const session = new SessionViewModel({
    platform,
    store,
    authenticator: new FakeAuthenticator(),
    openAccount: () => Promise.resolve(account),
  })
  return { session, store, calls, become }
}

test('without a kept session the person is signed out', async () => {
  const { session } = setUp()
  await session.resume()
  expect(session.state.session).toEqual({ stage: 'signed-out', byServer: false })
})

test('a session is kept and resumed', async () => {
  const { session, store, calls } = setUp()
  await session.enter(credentials)
  expect(store.load()).toEqual(credentials)
  await session.resume()
  expect(session.state.session.stage).toBe('signed-in')
  expect(calls).toEqual(['start', 'start'])
})

test('signing out forgets the session', async () => {
  const { session, store, calls } = setUp()
  await session.enter(credentials)
  await session.signOut()
  expect(store.load()).toBeUndefined()
  expect(calls).toContain('signOut')
  expect(session.state.session).toEqual({ stage: 'signed-out', byServer: false })
})

test('a session ended by the server is explained, and its data is deleted', async () => {
  const { session, store, calls, become } = setUp()
  await session.enter(credentials)
  become('signed-out')
  expect(session.state.session).toEqual({ stage: 'signed-out', byServer: true })
  expect(store.load()).toBeUndefined()
  expect(calls).toContain('forget')
})

test('unreadable contents of the storage count as no session', () => {
  const platform = new FakePlatform()
  const store = createSessionStore(platform.storage)
  for (const text of ['', '{', 'null', '[]', '{"userId":"@a:h"}', '{"homeserverUrl":5}']) {
    platform.storage.set('hearth.session', text)
    expect(store.load()).toBeUndefined()
  }
})
