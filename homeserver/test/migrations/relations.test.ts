import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { relations } from '#db/migrations/20261121_0011_relations.ts'
import { edit, react, relate, send } from '../event-relationships/relate.ts'
import { startTestServer } from '../harness/server.ts'
import { ok } from '../harness/user.ts'

test('relations of events from before are found as those of new ones are', async () => {
  await using server = await startTestServer()
  const alice = await server.user('alice')
  const roomId = await alice.createRoom()
  const root = await alice.say(roomId, 'root')
  await edit(alice, roomId, root, 'edited')
  await relate(alice, roomId, root, 'm.thread')
  await relate(alice, roomId, root, 'm.replace', 'without new content')
  await react(alice, roomId, root, '👍 "m.relates_to"')
  await relate(alice, roomId, `$${'A'.repeat(43)}`, 'm.reference')
  for (const relatesTo of [
    { rel_type: 'm.thread\u0000', event_id: root },
    { rel_type: 'x'.repeat(300), event_id: root },
    { rel_type: 7, event_id: root },
    { rel_type: 'm.thread', event_id: 'no id' },
    { event_id: root },
    [root],
    null,
  ]) {
    ok(await send(alice, roomId, 'm.x', { 'm.relates_to': relatesTo }))
  }
  const { db } = server.ctx
  const stored = async () =>
    (await sql`SELECT pos, flags, relates_to, rel_type FROM events ORDER BY pos`.execute(db)).rows
  const made = await stored()
  await sql`DROP INDEX events_in_threads, events_room_ts`.execute(db)
  await sql`ALTER TABLE events DROP COLUMN relates_to, DROP COLUMN rel_type`.execute(db)
  await sql`UPDATE events SET flags = flags & ~128`.execute(db)
  await relations.up(db)
  expect(await stored()).toEqual(made)
  expect(made.filter((row) => JSON.stringify(row).includes(root))).toHaveLength(3)
})
