import type { Kysely } from 'kysely'
import { transaction, type Schema } from '#db/db.ts'
import type { DeviceKey, Log, UserKey } from '#log/types.ts'
import { MatrixError } from '#matrix/errors.ts'
import { own } from '#matrix/json.ts'
import type { Clock } from '#platform/clock.ts'
import type { AddressGuard } from '#platform/outbound/address-guard.ts'
import { checkGatewayUrl } from './gateway-url.ts'
import * as store from './store.ts'
import type { Pusher, PusherInput } from './types.ts'

export interface PushersDeps {
  readonly db: Kysely<Schema>
  readonly log: Pick<Log, 'append' | 'head' | 'catchUp'>
  readonly clock: Pick<Clock, 'now'>
  readonly guard: AddressGuard
}

/** More than anybody has devices; each costs work with every event that concerns its user. */
const MAX_PUSHERS = 100

/**
 * Where the devices of users want to be told of events. A pusher belongs to the device that set it
 * last and goes with it.
 * https://spec.matrix.org/v1.19/client-server-api/#push-notifications
 */
export class Pushers {
  readonly #deps: PushersDeps

  constructor(deps: PushersDeps) {
    this.#deps = deps
  }

  async of(user: UserKey): Promise<Pusher[]> {
    return await store.pushersOf(this.#deps.db, user)
  }

  /**
   * Makes or changes the pusher with this application and key. Unless `append` is true, others lose
   * theirs with the same: the device has changed hands.
   * @throws {MatrixError} 400 `M_INVALID_PARAM` for a gateway that cannot be, 403 for too many
   */
  async set(
    owner: { readonly user: UserKey; readonly device: DeviceKey },
    input: Omit<PusherInput, 'url'>,
    append: boolean,
  ): Promise<void> {
    const { db, log, clock, guard } = this.#deps
    const address = own(input.data, 'url')
    const url = checkGatewayUrl(typeof address === 'string' ? address : '', guard)
    await transaction(db, async (tx) => {
      if ((await store.countOthers(tx, owner.user, input)) >= MAX_PUSHERS) {
        throw new MatrixError(403, 'M_RESOURCE_LIMIT_EXCEEDED', 'You have too many pushers.')
      }
      const now = clock.now()
      await store.putPusher(tx, { ...input, ...owner, url, now, head: log.head })
      if (!append) await store.deleteOfOthers(tx, owner.user, input)
    })
    await this.#tell(owner.user)
  }

  /** Deletes the pusher with this application and key, if there is one. */
  async delete(user: UserKey, target: Pick<PusherInput, 'appId' | 'pushkey'>): Promise<void> {
    await store.deletePusher(this.#deps.db, user, target)
  }

  /** Every worker has to know who has pushers. */
  async #tell(user: UserKey): Promise<void> {
    await this.#deps.log.append([{ kind: 'invalidation', what: 'user', key: String(user) }])
  }
}

export const createPushers = (deps: PushersDeps): Pushers => new Pushers(deps)
