import { expect, test } from 'vitest'
import { asDeviceKey, asUserKey } from '#log/keys.ts'
import { testLog } from '#log/test-support/test-logs.ts'
import { parseUserId } from '#matrix/ids.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import { createPresenceBus } from './presence-bus.ts'
import type { PresenceChange } from './types.ts'

test('presence reaches this worker and another, and what that does not understand does it no harm', async () => {
  await using database = await testDatabase()
  await using one = await testLog(database.url)
  await using two = await testLog(database.url)
  const here: PresenceChange[] = []
  const there: PresenceChange[] = []
  const bus = createPresenceBus(one.hints, (change) => here.push(change))
  createPresenceBus(two.hints, (change) => there.push(change))
  for (const text of ['x', '{}', '[1,2,3]', '[1,"@a:b",2,"away",5]', '[1,"@a:b",2,"online",5,6]'])
    one.hints.publish('presence', text)
  const alice = {
    user: asUserKey(1),
    userId: parseUserId('@alice:test.example'),
    device: asDeviceKey(2),
    state: 'online' as const,
    lastActive: 1_700_000_000_000,
  }
  const changes = [
    alice,
    { ...alice, statusMsg: '\u0001'.repeat(800) },
    { ...alice, statusMsg: null },
  ]
  for (const change of changes) bus.publish(change)
  expect(here).toEqual(changes)
  await expect.poll(() => there, { timeout: 10_000 }).toEqual(changes)
})
