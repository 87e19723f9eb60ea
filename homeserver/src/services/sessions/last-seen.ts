import type { DeviceKey } from '#log/types.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'

/** When and from where a device was last used. */
export interface Seen {
  readonly ts: number
  readonly ip: string
  readonly userAgent: string
}

const FLUSH_EVERY_MS = 60_000
const MAX_USER_AGENT = 512

/** Collects the use of devices in memory and writes it once a minute, off the request path. */
export class LastSeen {
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #write: (seen: ReadonlyMap<DeviceKey, Seen>) => Promise<void>
  #seen = new Map<DeviceKey, Seen>()
  #cancel: (() => void) | undefined

  constructor(deps: {
    clock: Clock
    logger: Logger
    write: (seen: ReadonlyMap<DeviceKey, Seen>) => Promise<void>
  }) {
    this.#clock = deps.clock
    this.#logger = deps.logger
    this.#write = deps.write
  }

  note(device: DeviceKey, ip: string, userAgent: string): void {
    this.#seen.set(device, {
      ts: this.#clock.now(),
      ip,
      userAgent: userAgent.slice(0, MAX_USER_AGENT),
    })
    this.#cancel ??= this.#clock.after(FLUSH_EVERY_MS, () => void this.flush())
  }

  /** Writes what was collected. A failure costs nothing but freshness, so it is only logged. */
  async flush(): Promise<void> {
    this.#cancel?.()
    this.#cancel = undefined
    const seen = this.#seen
    if (seen.size === 0) return
    this.#seen = new Map()
    try {
      await this.#write(seen)
    } catch (error) {
      this.#logger.warn({ err: error }, 'could not note when devices were last seen')
    }
  }
}
