import { expect, test } from 'vitest'
import type { Member } from '#data/index.ts'
import { Failure } from '#lib/errors.ts'
import { FakeConversation } from '#test/fakes/fake-conversation.ts'
import { MembersViewModel, groupMembers } from './members.view-model.ts'

const member = (name: string, part: Partial<Member> = {}): Member => ({
  id: `@${name}:h`,
  name,
  role: 'member',
  membership: 'join',
  ...part,
})

test('people stand under their role, by name; the invited come last', () => {
  const groups = groupMembers([
    member('zoe'),
    member('ann', { membership: 'invite', role: 'admin' }),
    member('bob', { role: 'owner' }),
    member('carl'),
  ])
  expect(groups.map(({ id, members }) => [id, members.map(({ name }) => name)])).toEqual([
    ['owner', ['bob']],
    ['member', ['carl', 'zoe']],
    ['invited', ['ann']],
  ])
})

test('a list that could not be completed says so and shows what is known', async () => {
  const conversation = new FakeConversation()
  conversation.people = [member('ann'), member('bob', { membership: 'invite' })]
  conversation.failure = new Failure('network')
  const model = new MembersViewModel(conversation)
  await expect.poll(() => model.state.incomplete).toBe(true)
  expect(model.state.count).toBe(1)
})
