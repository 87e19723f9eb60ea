import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HttpClient } from '../../target/matrix-client.ts'
import { startServer } from '../../target/server.ts'
import { testFolder } from '../../target/test-folder.ts'
import { register } from '../../target/user.ts'
import { bodies, Device } from './device.ts'
import { until } from './until.ts'

test('a stored sync token, a running client and a session all survive a restart of the server', async () => {
  const data = mkdtempSync(join(testFolder(), 'hearth-sdk-'))
  const first = await startServer({ data })
  const http = new HttpClient(first.url)
  const frank = await register(http, 'frank')
  const running = await Device.newcomer(first.url, http, 'grace')
  const closed = await Device.signIn(first.url, 'grace')
  const roomId = await frank.createRoom({ preset: 'public_chat' })
  await running.client.joinRoom(roomId)
  await closed.start()
  await frank.sendText(roomId, 'before')
  const room = await running.room(roomId)
  const early = await closed.room(roomId)
  await until('before', () => bodies(room).length === 1 && bodies(early).length === 1)
  const reopened = closed.reopen()

  expect(await first.stop()).toBe(0)
  await using second = await startServer({ data, port: first.port })
  expect(second.url).toBe(first.url)
  running.client.retryImmediately()
  await frank.sendText(roomId, 'after')
  await until('after', () => bodies(room).includes('after'))
  expect(bodies(room)).toEqual(['before', 'after'])

  await reopened.start()
  const later = await reopened.room(roomId)
  await until('after, from the stored token', () => bodies(later).includes('after'))
  expect(bodies(later)).toEqual(['before', 'after'])

  running.client.stopClient()
  reopened.client.stopClient()
  http.close()
  await second.stop()
  rmSync(data, { recursive: true, force: true, maxRetries: 5 })
})
