import { expect, test } from 'vitest'
import { testLog } from '#log/test-support/test-logs.ts'
import { createRoomStates } from '#room-state/index.ts'
import { SmallRoom } from '#room-state/test-support/small-room.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import { Prediction } from './prediction.ts'

test.each([12, 24])(
  'a message in a room of %i branches names parents that have the state it is given',
  async (branches) => {
    await using database = await testDatabase()
    await using log = await testLog(database.url)
    const states = createRoomStates(log)
    const { placer } = states
    const room = await SmallRoom.make(log, placer)
    const { key } = room.dag
    const won = room.topic('won', [room.start], 9)
    await room.dag.add(placer, won)
    for (let n = 0; n < branches - 10; n++) {
      await room.dag.add(placer, room.event(`agrees${n}`, [won.eventId]))
    }
    // deeper than all others, but their state is not the room's
    for (let n = 0; n < 10; n++) {
      const lost = room.topic(`lost${n}`, [room.start])
      await room.dag.add(placer, { ...lost, depth: 50 })
    }
    await log.log.catchUp()
    const context = await states.context(key)
    expect(context.extremities).toHaveLength(branches)
    const parents = new Prediction(context).parents()
    const prev = parents.flatMap(({ pos }) => pos ?? [])
    const { state } = await placer.before(key, prev)
    const current = await states.fullAt(context.point)
    expect(new Set(state.values())).toEqual(new Set(current.map(({ pos }) => pos)))
  },
)
