import { chownSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bodies, Device } from '../interop/matrix-js-sdk/device.ts'
import { until } from '../interop/matrix-js-sdk/until.ts'
import { ConfiguredServer } from '../target/configured-server.ts'
import { at, listAt, stringAt } from '../target/json.ts'
import { HttpClient } from '../target/matrix-client.ts'
import { OwnPostgres } from '../target/own-postgres.ts'
import { expectOk, register, type User } from '../target/user.ts'
import { repeated } from './journal.ts'
import { LONG } from './long.ts'
import { walkMessages } from './reader.ts'
import { Traffic } from './traffic.ts'

/** How the older copy of the database takes the place of the newer one. */
const WAYS = {
  'a standby that lagged behind is promoted': (postgres: OwnPostgres, copy: string) => {
    postgres.restore(copy)
    const signal = join(postgres.cluster, 'standby.signal')
    writeFileSync(signal, '')
    const { uid, gid } = statSync(postgres.cluster)
    chownSync(signal, uid, gid)
    postgres.start()
    postgres.promote()
  },
  'an older copy of the files is put back': (postgres: OwnPostgres, copy: string) => {
    postgres.restore(copy)
    postgres.start()
  },
} as const

/** A long poll that outlasts a restart of the database. */
const SLEEP_MS = 240_000
/** Enough of the timeline for all that a test has said since. */
const FILTER = JSON.stringify({ room: { timeline: { limit: 50 } } })

/** The part of a token that names the history; tests may look into it, clients may not. */
const tagOf = (token: string) => token.split('_')[0]

const ways = Object.entries(WAYS).slice(LONG ? 0 : -1)

test.each(ways)('%s under a running server', async (_way, replace) => {
  await using postgres = await OwnPostgres.create()
  await using server = await ConfiguredServer.start({ databaseUrl: postgres.url() })
  await using traffic = await Traffic.of(server.url, { writers: 3, readers: 2 })
  const http = new HttpClient(server.url)
  await using device = await Device.newcomer(server.url, http, 'sdk')
  await device.client.joinRoom(traffic.roomId)
  const room = await device.room(traffic.roomId)
  const { owner, roomId } = traffic
  const [chain, sleeper] = traffic.chains
  if (chain === undefined || sleeper === undefined) throw new Error('no reader')

  const kept = [await owner.sendText(roomId, 'kept 1'), await owner.sendText(roomId, 'kept 2')]
  await chain.step(0)
  const early = chain.since ?? ''
  postgres.stop('fast')
  const copy = postgres.backup()
  postgres.start()
  await traffic.recovered()
  const lostUser = await register(http, 'latecomer')
  await lostUser.join(roomId)
  for (let n = 0; n < 30; n += 1) await lostUser.sendText(roomId, `lost ${n}`)
  await until('the last lost message', () => bodies(room).includes('lost 29'))
  await chain.step(0)
  await sleeper.step(0)
  const late = chain.since ?? ''
  const before = new Set([early, late, ...chain.issued.map(({ token }) => token)])
  const asleep = syncFrom(sleeper.user, sleeper.since ?? '', SLEEP_MS)
  // it is looked at in the end
  asleep.catch(() => undefined)

  postgres.stop('fast')
  replace(postgres, copy)
  console.log(`back after ${await traffic.recovered()} ms`)

  const after = await owner.sendText(roomId, 'after 1')
  const stored = await walkMessages(owner, roomId)
  expect(stored).toContain(after)
  expect(stored).toEqual(expect.arrayContaining(kept))
  expect(repeated(stored)).toEqual([])
  const answer = await lostUser.call('GET', '/_matrix/client/v3/account/whoami')
  expect(answer).toMatchObject({ status: 401, body: { errcode: 'M_UNKNOWN_TOKEN' } })

  // a token from before the cut goes on as if nothing had been
  const onward = await syncFrom(chain.user, early)
  expect(at(onward, 'rooms', 'join', roomId, 'state', 'events')).toEqual([])
  expect(idsOf(onward, roomId)).toContain(after)
  // one from beyond it is answered by everything, and so is a long poll that slept through it
  const full = await syncFrom(chain.user, late)
  for (const told of [full, await asleep]) {
    expect(typesIn(told, roomId)).toContain('m.room.create')
    expect(idsOf(told, roomId)).toEqual(expect.arrayContaining(kept.slice(1)))
    expect(before).not.toContain(stringAt(told, 'next_batch'))
    expect(tagOf(stringAt(told, 'next_batch'))).not.toBe(tagOf(late))
  }

  // everybody goes on: new people get no keys of those who were lost, and all arrives once
  chain.startOver(full)
  const newcomer = await register(http, 'newcomer')
  await newcomer.join(roomId)
  for (let n = 0; n < 40; n += 1) await newcomer.sendText(roomId, `new ${n}`)
  await chain.step(0)
  expect(repeated(chain.received)).toEqual([])
  const all = await walkMessages(owner, roomId)
  expect(all.toReversed().slice(-chain.received.length)).toEqual(chain.received)
  await until('the SDK reads on', () => bodies(room).includes('new 39'))
  expect(bodies(room).filter((body) => body === 'new 39')).toHaveLength(1)
  expect(server.output).toContain('another history')
  http.close()
})

async function syncFrom(user: User, since: string, timeoutMs = 0): Promise<unknown> {
  const query = new URLSearchParams({ since, timeout: String(timeoutMs), filter: FILTER })
  return expectOk(await user.call('GET', `/_matrix/client/v3/sync?${query}`, undefined, SLEEP_MS))
}

function idsOf(answer: unknown, roomId: string): string[] {
  const timeline = at(answer, 'rooms', 'join', roomId, 'timeline')
  return listAt(timeline, 'events').map((event) => stringAt(event, 'event_id'))
}

function typesIn(answer: unknown, roomId: string): unknown[] {
  const joined = at(answer, 'rooms', 'join', roomId)
  return [
    ...listAt(at(joined, 'state'), 'events'),
    ...listAt(at(joined, 'timeline'), 'events'),
  ].map((event) => at(event, 'type'))
}
