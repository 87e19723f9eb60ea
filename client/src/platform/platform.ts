import type { Dispose } from '#lib/disposables.ts'
import type { KeyValueStore } from '#lib/key-value-store.ts'

/**
 * What Hearth needs from the place it runs in. The web page and the desktop shell each bring
 * one; tests bring a fake.
 */
export interface Platform {
  readonly storage: KeyValueStore
  /** Scheme, host and port the page was loaded from, without a trailing slash. */
  readonly origin: string
  /** A short description of this device, shown in the list of sessions. */
  readonly deviceName: string
  /** Milliseconds since the epoch. */
  now(): number
  /** Runs `task` after `delayMs`; the returned function cancels it. */
  schedule(task: () => void, delayMs: number): Dispose
  /** Puts text on the clipboard. Rejects when the person refused. */
  copyText(text: string): Promise<void>
  /** True while the person can see this window and it has the focus. */
  isAttentive(): boolean
  /** Calls `listener` when `isAttentive` may have changed. */
  onAttentionChanged(listener: () => void): Dispose
  /** Calls `listener` when the machine says it is online again. */
  onOnline(listener: () => void): Dispose
}
