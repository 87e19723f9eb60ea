import { expect, test } from 'vitest'
import { migrations } from '#db/migrations/index.ts'
import { prepareDatabase } from '#db/prepare.ts'
import { systemClock as clock } from '#platform/clock.ts'
import { schemaSource } from '../generated/schema-source.ts'
import { TEST_SERVER_NAME, testDatabase } from '../harness/database.ts'
import { startTestServer } from '../harness/server.ts'
import { list, ok, text } from '../harness/user.ts'
import { olderDatabase } from './fixture.ts'

test.each([['schema-4', 4]])(
  'the database of %s is brought up to date, and its clients go on',
  async (name, version) => {
    await using old = await olderDatabase(name)
    const options = { serverName: old.serverName, testMode: false, clock }
    expect(await prepareDatabase(old.db, options)).toEqual(
      migrations.slice(version).map((step) => step.name),
    )
    await using fresh = await testDatabase()
    expect(await schemaSource(old.db)).toBe(await schemaSource(fresh.db))

    // the harness knows one name only; stored events keep the old one
    await old.db.updateTable('instance').set({ server_name: TEST_SERVER_NAME }).execute()
    await using server = await startTestServer({ databaseUrl: old.url })
    const call = async (method: string, path: string, body?: unknown) =>
      ok(await server.request(method, `/_matrix/client/v3${path}`, { token: old.bob, body }))
    const room = `/rooms/${encodeURIComponent(old.roomId)}`
    const page = await call('GET', `${room}/messages?dir=b&limit=100`)
    const found = list(page, 'chunk').map((event) => text(event, 'event_id'))
    expect(old.events.toReversed().filter((id) => found.includes(id))).toEqual(
      old.events.toReversed(),
    )
    const since = await call('GET', `/sync?since=${old.since}`)
    const timeline = list(since, 'rooms', 'join', old.roomId, 'timeline', 'events')
    expect(timeline.map((event) => text(event, 'event_id'))).toEqual(old.events.slice(2))
    expect(JSON.stringify(since)).toContain('org.example.kept')
    expect(JSON.stringify(since)).not.toContain('m.room.create')
    const carol = await server.user('carol')
    await carol.join(old.roomId)
    const sent = await carol.say(old.roomId, 'new')
    const after = JSON.stringify(await call('GET', `/sync?since=${old.since}`))
    expect(after).toContain(sent)
  },
)
