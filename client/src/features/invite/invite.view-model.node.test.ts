import { expect, test } from 'vitest'
import { Failure } from '#lib/errors.ts'
import { FakeConversation } from '#test/fakes/fake-conversation.ts'
import { InviteViewModel } from './invite.view-model.ts'

function open() {
  const conversation = new FakeConversation()
  conversation.people = [
    { id: '@ann:hearth.example', name: 'Ann', role: 'member', membership: 'join' },
    { id: '@bob:hearth.example', name: 'Bob', role: 'member', membership: 'invite' },
  ]
  return { conversation, model: new InviteViewModel(conversation) }
}

test('a bare name is completed with the own server', async () => {
  const { conversation, model } = open()
  model.setInput('carol')
  expect(await model.submit()).toBe('@carol:hearth.example')
  expect(conversation.calls).toEqual(['invite @carol:hearth.example'])
  expect(model.state).toMatchObject({ input: '', invited: ['@carol:hearth.example'] })
})

test.each([
  ['not an id', { kind: 'bad' }],
  ['me', { kind: 'self' }],
  ['ann', { kind: 'joined', name: 'Ann' }],
  ['@bob:hearth.example', { kind: 'invited', name: 'Bob' }],
])('%j is refused with a reason', async (input, problem) => {
  const { conversation, model } = open()
  model.setInput(input)
  expect(await model.submit()).toBeUndefined()
  expect(model.state.problem).toEqual(problem)
  expect(conversation.calls).toEqual([])
})

test('the server’s refusal is kept and goes away with the next letter', async () => {
  const { conversation, model } = open()
  conversation.failure = new Failure('not-found', 'no such user')
  model.setInput('dave')
  await model.submit()
  expect(model.state.failure?.detail).toBe('no such user')
  model.setInput('dav')
  expect(model.state.failure).toBeUndefined()
})
