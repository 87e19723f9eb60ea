import type { Statement } from '#db/pipelined-client.ts'
import { encodeCheckpoint } from './checkpoint-codec.ts'
import type { EventEntry, Point, RoomStateDeps } from './deps.ts'
import type { Lines } from './lines.ts'

/** Fewest changes between two checkpoints. Only every so many changes is looked for one. */
export const CHECKPOINT_INTERVAL = 512

/** The last checkpoint before a point. */
const LAST: Statement = {
  name: 'checkpoint_last',
  text: `SELECT coalesce(max(c.idx), 0) AS idx FROM state_ckpt c WHERE c.line = $1 AND c.idx <= $2`,
}
const STORE: Statement = {
  name: 'checkpoint_store',
  text: `INSERT INTO state_ckpt (line, idx, entries) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
}

/**
 * Writes checkpoints in the background: after max(512, state size / 8) changes of a line. They only
 * save reading; a missing one does no harm, and two workers write the same.
 */
export class Checkpoints {
  readonly #deps: RoomStateDeps['internals'] & { lines: Lines }
  #running: Promise<void> = Promise.resolve()

  constructor(deps: RoomStateDeps['internals'] & { lines: Lines }) {
    this.#deps = deps
  }

  apply({ event }: EventEntry): void {
    const { point } = event
    if (event.stateKey === undefined || point === undefined) return
    if (point.idx === 0 || point.idx % CHECKPOINT_INTERVAL !== 0) return
    this.#running = this.#running.then(() => this.#write(point))
  }

  /** Resolves once all due checkpoints are written. */
  async idle(): Promise<void> {
    await this.#running
  }

  async #write(point: Point): Promise<void> {
    const { reader, lines, logger } = this.#deps
    try {
      const [last] = await reader.query<{ idx: number }>(LAST, [point.line, point.idx])
      const changes = point.idx - (last?.idx ?? 0)
      if (changes < CHECKPOINT_INTERVAL) return
      const state = await lines.stateAt(point)
      if (changes < state.size / 8) return
      await reader.query(STORE, [point.line, point.idx, encodeCheckpoint(state)])
    } catch (error) {
      logger.warn({ err: error, point }, 'a state checkpoint was not written')
    }
  }
}
