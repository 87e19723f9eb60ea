import type { Kysely } from 'kysely'
import type { Schema, Tx } from '#db/db.ts'
import type { DeviceKey, Log, UserKey } from '#log/types.ts'
import { notFound } from '#matrix/errors.ts'
import type { DeviceId } from '#matrix/ids.ts'
import * as store from './device-store.ts'
import type { Device } from './device-store.ts'

export type { Device }

export interface DevicesDeps {
  readonly db: Kysely<Schema>
  readonly log: Pick<Log, 'append'>
  /** Writes what this worker knows of the use of devices and has not written yet. */
  readonly writeLastSeen: () => Promise<void>
}

/**
 * A user's devices.
 * https://spec.matrix.org/v1.19/client-server-api/#device-management
 */
export class Devices {
  readonly #deps: DevicesDeps

  constructor(deps: DevicesDeps) {
    this.#deps = deps
  }

  /** All of a user's devices, in the order in which they came. */
  async list(user: UserKey): Promise<Device[]> {
    await this.#deps.writeLastSeen()
    return await store.devicesOfUser(this.#deps.db, user)
  }

  /** @throws {MatrixError} 404 when the user has no such device */
  async get(user: UserKey, deviceId: DeviceId): Promise<Device> {
    await this.#deps.writeLastSeen()
    const device = await store.deviceById(this.#deps.db, user, deviceId)
    if (device === undefined) throw unknownDevice()
    return device
  }

  /**
   * @param name the new name; undefined leaves it as it is
   * @throws {MatrixError} 404 when the user has no such device
   */
  async rename(user: UserKey, deviceId: DeviceId, name: string | undefined): Promise<void> {
    const { db } = this.#deps
    const found =
      name === undefined
        ? (await store.deviceById(db, user, deviceId)) !== undefined
        : await store.renameDevice(db, user, deviceId, name)
    if (!found) throw unknownDevice()
  }

  /**
   * Deletes those of the devices that the user has; their tokens are gone on every worker when this
   * resolves.
   */
  async delete(user: UserKey, deviceIds: readonly string[]): Promise<void> {
    const { db } = this.#deps
    await this.tellEnded(user, await store.deleteByIds(db, user, deviceIds))
  }

  /** Deletes a user's devices within a transaction; {@link tellEnded} must follow it. */
  async deleteWithin(tx: Tx, user: UserKey, except?: DeviceKey): Promise<readonly DeviceKey[]> {
    return await store.deleteAllBut(tx, user, except)
  }

  /** Makes every worker forget the sessions of devices that were deleted. */
  async tellEnded(user: UserKey, devices: readonly DeviceKey[]): Promise<void> {
    await this.#deps.log.append([
      // the user too: a call before may have deleted devices and failed to tell the workers
      { kind: 'invalidation', what: 'user', key: String(user) },
      ...devices.map(
        (device) => ({ kind: 'invalidation', what: 'device', key: String(device) }) as const,
      ),
    ])
  }
}

const unknownDevice = () => notFound('You have no such device.')

export const createDevices = (deps: DevicesDeps): Devices => new Devices(deps)
