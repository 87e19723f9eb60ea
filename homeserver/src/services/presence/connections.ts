import type { DeviceKey } from '#log/types.ts'
import type { Clock } from '#platform/clock.ts'
import type { PresenceDevice, PresenceState } from './types.ts'

/** Shorter than a device counts as connected, so that one that goes on waiting stays so. */
const REPEAT_MS = 20_000

interface Connection {
  readonly device: PresenceDevice
  readonly state: PresenceState
  requests: number
}

/** The devices whose syncs this worker is serving at the moment; it tells of them again and again. */
export class Connections {
  readonly #clock: Pick<Clock, 'after'>
  readonly #tell: (device: PresenceDevice, state: PresenceState) => void
  readonly #open = new Map<DeviceKey, Connection>()
  #cancel: (() => void) | undefined

  constructor(
    clock: Pick<Clock, 'after'>,
    tell: (device: PresenceDevice, state: PresenceState) => void,
  ) {
    this.#clock = clock
    this.#tell = tell
  }

  /** A request begins; it ends with the disposal. */
  begin(device: PresenceDevice, state: PresenceState): Disposable {
    const requests = (this.#open.get(device.device)?.requests ?? 0) + 1
    this.#open.set(device.device, { device, state, requests })
    this.#tell(device, state)
    this.#cancel ??= this.#clock.after(REPEAT_MS, () => this.#repeat())
    return { [Symbol.dispose]: () => this.#end(device.device) }
  }

  /** The device has signed out. */
  drop(device: DeviceKey): void {
    this.#open.delete(device)
  }

  stop(): void {
    this.#cancel?.()
    this.#open.clear()
  }

  #end(device: DeviceKey): void {
    const connection = this.#open.get(device)
    if (connection === undefined) return
    connection.requests -= 1
    if (connection.requests <= 0) this.#open.delete(device)
  }

  #repeat(): void {
    this.#cancel = undefined
    if (this.#open.size === 0) return
    for (const { device, state } of this.#open.values()) this.#tell(device, state)
    this.#cancel = this.#clock.after(REPEAT_MS, () => this.#repeat())
  }
}
