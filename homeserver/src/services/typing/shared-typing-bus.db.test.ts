import { expect, test } from 'vitest'
import { asRoomKey, asUserKey } from '#log/keys.ts'
import { testLog } from '#log/test-support/test-logs.ts'
import { parseUserId } from '#matrix/ids.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import { createSharedTypingBus } from './shared-typing-bus.ts'
import type { TypingChange } from './typing-bus.ts'

test('typing reaches another worker, and what that does not understand does it no harm', async () => {
  await using database = await testDatabase()
  await using one = await testLog(database.url)
  await using two = await testLog(database.url)
  const heard: TypingChange[] = []
  createSharedTypingBus(two.hints).subscribe((change) => heard.push(change))
  for (const text of ['typing', '{}', '[1,2,3]', '[1,2,3,"alice"]'])
    one.hints.publish('typing', text)
  const userId = parseUserId('@alice:test.example')
  const change = { room: asRoomKey(1), user: asUserKey(2), timeout: 3_000, userId }
  createSharedTypingBus(one.hints).publish(change)
  await expect.poll(() => heard, { timeout: 10_000 }).toEqual([change])
})
