import { expect, test } from 'vitest'
import { createDb } from '#db/db.ts'
import { newEpoch } from '#log/epochs/new-epoch.ts'
import { createLogger } from '#platform/logger.ts'
import { startTestServer } from '../harness/server.ts'
import { text } from '../harness/user.ts'

test('an epoch begun by hand keeps older tokens good and gives those of a lost tail a full sync', async () => {
  await using server = await startTestServer()
  const alice = await server.user('alice')
  const roomId = await alice.createRoom()
  const kept = text(await alice.sync(), 'next_batch')
  const [, tag = '', pos = ''] = /^s(\d+)_(\d+)/.exec(kept) ?? []
  const lost = `s${tag}_${Number(pos) + 3}`

  const db = createDb({ url: server.databaseUrl, logger: createLogger('warn'), size: 1 })
  const epoch = await newEpoch(db)
  await db.destroy()
  expect(epoch.pos).toBeGreaterThanOrEqual(Number(pos))
  expect(epoch.tag).toBeGreaterThan(Number(tag))
  // the running worker learns of it with its next reading of the log
  await expect
    .poll(async () => text(await alice.sync(), 'next_batch'), { timeout: 15_000 })
    .toMatch(new RegExp(`^s${epoch.tag}_`))

  const sent: string[] = []
  for (const body of ['a', 'b', 'c', 'd', 'e']) sent.push(await alice.say(roomId, body))
  const incremental = JSON.stringify(await alice.sync({ since: kept }))
  expect(sent.filter((id) => incremental.includes(id))).toEqual(sent)
  expect(incremental).not.toContain('m.room.create')
  // its position exists again by now, with another event in it
  const full = JSON.stringify(await alice.sync({ since: lost }))
  expect(sent.filter((id) => full.includes(id))).toEqual(sent)
  expect(full).toContain('m.room.create')
})
