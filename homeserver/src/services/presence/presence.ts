import type { Hints } from '#log/index.ts'
import type { SharingReads } from '#log/reads-sharing.ts'
import type { Dictionary, UserKey } from '#log/types.ts'
import { forbidden, invalidParam } from '#matrix/errors.ts'
import type { UserId } from '#matrix/ids.ts'
import { Connections } from './connections.ts'
import { presenceContent } from './content.ts'
import { createPresenceBus, type PresenceBus } from './presence-bus.ts'
import { PresenceTable, type PresenceTableDeps } from './presence-table.ts'
import { presenceOf, savePresence } from './store.ts'
import type { PresenceDevice, PresenceState } from './types.ts'
import { UserPresence } from './user-presence.ts'

export interface PresenceDeps extends PresenceTableDeps {
  readonly hints: Hints
  readonly sharing: Pick<SharingReads, 'sharing'>
  readonly dictionary: Pick<Dictionary, 'findUser'>
}

/** In UTF-16 code units. A hint that carries it to the other workers has to fit into a notification. */
const MAX_STATUS = 800
const REFRESH_MS = 25_000

/**
 * Who is online, as far as this server's users share rooms. Lives in memory; what must outlast a
 * restart is stored every few seconds.
 * https://spec.matrix.org/v1.19/client-server-api/#presence
 */
export class Presence {
  readonly table: PresenceTable
  readonly #deps: PresenceDeps
  readonly #bus: PresenceBus
  readonly #connections: Connections

  constructor(deps: PresenceDeps) {
    this.#deps = deps
    this.table = new PresenceTable(deps)
    this.#bus = createPresenceBus(deps.hints, (change) => this.table.apply(change))
    this.#connections = new Connections(deps.clock, (device, state) => this.#tell(device, state))
    deps.log.subscribe((entries) => {
      for (const entry of entries) {
        if (entry.kind !== 'invalidation' || entry.what !== 'device') continue
        this.#connections.drop(this.table.disconnect(Number(entry.key)))
      }
    })
  }

  /** A device syncs, until the disposal. */
  connect(device: PresenceDevice, state: PresenceState): Disposable {
    return this.#connections.begin(pick(device), state)
  }

  /**
   * A user says how present they are; counts as doing something.
   * @param statusMsg undefined: none from now on
   * @throws {MatrixError} 400 `M_INVALID_PARAM` for a message of more than 800 characters
   */
  async set(
    device: PresenceDevice,
    state: PresenceState,
    statusMsg: string | undefined,
  ): Promise<void> {
    if (statusMsg !== undefined && statusMsg.length > MAX_STATUS) {
      throw invalidParam(`status_msg: More than ${MAX_STATUS} characters`)
    }
    const { clock, db } = this.#deps
    const { user, userId } = device
    const now = clock.now()
    const message = statusMsg ?? null
    const stored = { user, userId, presence: state, statusMsg: message, lastActive: now }
    await savePresence(db, [{ ...stored, changed: now }])
    this.#bus.publish({ ...pick(device), state, lastActive: now, statusMsg: message })
  }

  /**
   * A user's presence, as another one may see it.
   * @throws {MatrixError} 403 unless it is the viewer's own or they share a room
   */
  async of(viewer: { readonly user: UserKey; readonly userId: UserId }, userId: UserId) {
    const { clock, dictionary, sharing } = this.#deps
    const target = await dictionary.findUser(userId)
    const isVisible =
      target !== undefined &&
      (target.key === viewer.user ||
        (await sharing.sharing(viewer.user, [target.key])).has(target.key))
    if (!isVisible) throw forbidden("You are not allowed to see this user's presence.")
    const known = this.table.get(target.key) ?? (await this.#stored(target.key, userId))
    return presenceContent(known, clock.now())
  }

  /** Writes what is still in memory. */
  async stop(): Promise<void> {
    this.#connections.stop()
    await this.table.stop()
  }

  /** Who is not in memory is offline. */
  async #stored(user: UserKey, userId: UserId): Promise<UserPresence> {
    const row = await presenceOf(this.#deps.db, user)
    const presence = new UserPresence(userId)
    presence.lastActive = row?.lastActive ?? 0
    const statusMsg = row?.statusMsg ?? undefined
    presence.shown = { presence: 'offline', currentlyActive: false, statusMsg }
    return presence
  }

  /** Tells the workers, unless they know it and will for a while. */
  #tell(device: PresenceDevice, state: PresenceState): void {
    const now = this.#deps.clock.now()
    const user = this.table.get(device.user)
    const known = user?.stateOf(device.device, now)
    if (known?.state === state && known.until - now > REFRESH_MS) return
    // who comes online has done something; who stays online need not
    const arrives = state === 'online' && known?.state !== 'online'
    const lastActive = arrives ? now : (user?.lastActive ?? 0)
    this.#bus.publish({ ...device, state, lastActive })
  }
}

const pick = ({ user, userId, device }: PresenceDevice): PresenceDevice => ({
  user,
  userId,
  device,
})
