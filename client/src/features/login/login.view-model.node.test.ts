import { expect, test, vi } from 'vitest'
import { Failure } from '#lib/errors.ts'
import { FakeAuthenticator } from '#test/fakes/fake-authenticator.ts'
import { LoginViewModel } from './login.view-model.ts'

function open() {
  const authenticator = new FakeAuthenticator()
  const onSignedIn = vi.fn()
  const deps = { authenticator, onSignedIn, origin: 'https://h.example', signedOut: false }
  return { authenticator, onSignedIn, model: new LoginViewModel(deps) }
}

test('signs in at the page’s own homeserver', async () => {
  const { model, authenticator, onSignedIn } = open()
  expect(model.state.server).toBe('h.example')
  model.setUsername(' alice ')
  model.setPassword(' secret ')
  await model.submit()
  expect(authenticator.calls).toEqual([{ username: 'alice', password: ' secret ' }])
  expect(onSignedIn).toHaveBeenCalledWith(
    expect.objectContaining({ userId: '@alice:h', homeserverUrl: 'https://h.example' }),
  )
})

test('asks for what is missing before it asks the server', async () => {
  const { model, authenticator } = open()
  await model.submit()
  expect(model.state).toMatchObject({ usernameMissing: true, passwordMissing: true })
  expect(authenticator.calls).toEqual([])
})

test('wrong credentials empty the password and keep the username', async () => {
  const { model, authenticator, onSignedIn } = open()
  authenticator.failure = new Failure('wrong-credentials')
  model.setUsername('alice')
  model.setPassword('wrong')
  await model.submit()
  expect(model.state).toMatchObject({ username: 'alice', password: '', busy: false })
  expect(model.state.failure?.code).toBe('wrong-credentials')
  expect(onSignedIn).not.toHaveBeenCalled()
})
