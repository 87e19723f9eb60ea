import type { Db } from '#db/db.ts'
import type { DeviceKey } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import { deleteProofs, hasProof, putProof } from './store.ts'

/** How long a password that was entered need not be entered again on the same device. */
const PROOF_MS = 5 * 60_000

/** Devices whose user has proved the password a short time ago. */
export class Proofs {
  readonly #db: Db
  readonly #clock: Clock

  constructor(deps: { db: Db; clock: Clock }) {
    this.#db = deps.db
    this.#clock = deps.clock
  }

  async note(userId: UserId, device: DeviceKey): Promise<void> {
    await putProof(this.#db, { device, userId, expires: this.#clock.now() + PROOF_MS })
  }

  async has(device: DeviceKey): Promise<boolean> {
    return await hasProof(this.#db, device, this.#clock.now())
  }

  /** Forgets all of a user, whose password has changed. */
  async forget(userId: UserId, db: Db = this.#db): Promise<void> {
    await deleteProofs(db, userId)
  }
}
