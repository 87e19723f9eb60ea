import { expect, test } from 'vitest'
import { startTestServer } from '../harness/server.ts'
import { at, list } from '../harness/user.ts'

test('each way of sending a message tells the membership in both spellings', async () => {
  await using server = await startTestServer()
  const alice = await server.user('alice')
  const room = await alice.createRoom()
  await alice.say(room, 'hello')
  const synced = list(await alice.sync(), 'rooms', 'join', room, 'timeline', 'events').at(-1)
  const path = `/rooms/${encodeURIComponent(room)}/messages?dir=b&limit=1`
  const paged = list((await alice.call('GET', path)).body, 'chunk')[0]
  for (const event of [synced, paged]) {
    expect(at(event, 'content', 'body')).toBe('hello')
    expect(at(event, 'unsigned', 'membership')).toBe('join')
    expect(at(event, 'unsigned', 'io.element.msc4115.membership')).toBe('join')
  }
})
