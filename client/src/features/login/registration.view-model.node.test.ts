import { describe, expect, test, vi } from 'vitest'
import { Failure } from '#lib/errors.ts'
import { FakeAuthenticator } from '#test/fakes/fake-authenticator.ts'
import { type RegistrationPurpose, RegistrationViewModel } from './registration.view-model.ts'

function open(purpose: RegistrationPurpose = 'plain', token = '') {
  const authenticator = new FakeAuthenticator()
  const onSignedIn = vi.fn()
  const deps = { authenticator, onSignedIn, origin: 'https://h.example', purpose, token }
  return { authenticator, onSignedIn, model: new RegistrationViewModel(deps) }
}

function fill(model: RegistrationViewModel, password = 'long enough', again = password): void {
  model.setUsername('Alice')
  model.setPassword(password)
  model.setPasswordAgain(again)
}

describe('which form is shown', () => {
  test('the plain one when registration is open', async () => {
    const { model } = open()
    expect(model.showsForm).toBe(false)
    await model.loadMode()
    expect(model.showsForm).toBe(true)
    expect(model.asksForToken).toBe(false)
  })

  test('one with a token field when the server wants a token', async () => {
    const { model, authenticator } = open()
    authenticator.mode = 'token'
    await model.loadMode()
    expect(model.asksForToken).toBe(true)
  })

  test('an explanation when it is closed, unless the person has a token', async () => {
    const { model, authenticator } = open()
    authenticator.mode = 'closed'
    await model.loadMode()
    expect(model.showsForm).toBe(false)
    model.insistOnToken()
    expect(model.showsForm).toBe(true)
    expect(model.asksForToken).toBe(true)
  })

  test('a link brings its token along, so nobody has to type it', async () => {
    const { model, authenticator } = open('invited', 'abc')
    authenticator.mode = 'token'
    await model.loadMode()
    expect(model.asksForToken).toBe(false)
    fill(model)
    await model.submit()
    expect(authenticator.calls).toEqual([
      { username: 'alice', password: 'long enough', token: 'abc' },
    ])
  })

  test('a token that was refused can be corrected', async () => {
    const { model, authenticator } = open('invited', 'used-up')
    fill(model)
    authenticator.failure = new Failure('token-invalid')
    await model.submit()
    expect(model.asksForToken).toBe(true)
  })
})

describe('checking before sending', () => {
  test.each([
    ['', 'long enough', 'long enough', { username: 'missing' }],
    ['a b', 'long enough', 'long enough', { username: 'invalid' }],
    ['alice', 'short', 'short', { password: 'short' }],
    ['alice', 'long enough', 'long enuogh', { passwordAgain: 'different' }],
  ])('%j with %j and %j', async (username, password, again, problems) => {
    const { model, authenticator } = open()
    await model.loadMode()
    fill(model, password, again)
    model.setUsername(username)
    await model.submit()
    expect(model.state.problems).toEqual(problems)
    expect(authenticator.calls).toEqual([])
  })

  test('a corrected field loses its complaint', async () => {
    const { model } = open()
    await model.submit()
    model.setUsername('alice')
    expect(model.state.problems).not.toHaveProperty('username')
    expect(model.state.problems).toHaveProperty('password')
  })
})
