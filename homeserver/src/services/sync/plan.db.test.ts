import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/harness/database.ts'
import type { OpenLog } from '#log/index.ts'
import { makeRoom, next, testLog, testUser, type TestRoom } from '#log/test-support/test-logs.ts'
import type { UserInfo } from '#log/types.ts'
import { planAll, type Plan } from './plan.ts'
import { RecentChanges } from './recent-changes.ts'

const typing = { position: () => ({ boot: '', n: 0 }), changedSince: () => [], typingIn: () => [] }

/** A failover that loses the log's last event; what is appended after it takes its position. */
async function loseTheLast(
  database: TestDatabase,
  worker: OpenLog,
  room: TestRoom,
  sender: UserInfo,
): Promise<void> {
  const end = worker.log.head
  const before = worker.tokens.tag
  await sql`UPDATE stream SET timeline = 'ABCDEF01', last_pos = ${end - 1}`.execute(database.db)
  await sql`DELETE FROM events WHERE pos = ${end}`.execute(database.db)
  await sql`UPDATE rooms SET extremities = ${[end - 1]}, last_pos = ${end - 1}`.execute(database.db)
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'hearth append' AND datname = current_database()`.execute(database.db)
  // what was made for the lost history is refused
  await expect(worker.log.append([next({ ...room }, sender)])).rejects.toMatchObject({
    status: 503,
  })
  await worker.log.append([next(room, sender)])
  await worker.log.catchUp()
  expect(worker.tokens.tag).not.toBe(before)
  expect(worker.log.head).toBe(end)
}

async function scene(stack: AsyncDisposableStack) {
  const database = stack.use(await testDatabase())
  const worker = stack.use(await testLog(database.url))
  const alice = await testUser(worker, 'alice')
  const room = await makeRoom(worker, alice)
  const failover = () => loseTheLast(database, worker, room, alice)
  return {
    worker,
    alice,
    failover,
    deps: { ...worker, typing, recent: new RecentChanges(worker.log) },
  }
}

const tokenOf = (worker: OpenLog, { tag, upTo }: Plan): string =>
  worker.tokens.encode({ tag, pos: upTo, inbox: undefined, ephemeral: undefined })

test('a plan outlived by its history makes no token of the next, whose positions mean other things', async () => {
  await using stack = new AsyncDisposableStack()
  const { worker, alice, failover, deps } = await scene(stack)
  const plan = await planAll(deps, alice.key, 0)
  expect(await worker.tokens.resolve(tokenOf(worker, plan))).toMatchObject({ pos: plan.upTo })
  await failover()
  expect(await worker.tokens.resolve(tokenOf(worker, plan))).toBeUndefined()
})

test('a plan during which the history changes gets the older tag', async () => {
  await using stack = new AsyncDisposableStack()
  const { worker, alice, failover, deps } = await scene(stack)
  const before = worker.tokens.tag
  const reads = {
    ...worker.reads,
    async membershipsOf(user: typeof alice.key) {
      await failover()
      return await worker.reads.membershipsOf(user)
    },
  }
  const plan = await planAll({ ...deps, reads }, alice.key, 0)
  expect(plan.tag).toBe(before)
})
