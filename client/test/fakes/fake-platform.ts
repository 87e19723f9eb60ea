import type { Dispose } from '#lib/disposables.ts'
import { Emitter } from '#lib/emitter.ts'
import type { Platform } from '#platform/platform.ts'

/** A platform under the control of a test: time passes only when told to. */
export class FakePlatform implements Platform {
  readonly origin = 'https://hearth.example'
  readonly deviceName = 'Test'
  readonly copied: string[] = []
  readonly storage
  readonly #values = new Map<string, string>()
  readonly #attention = new Emitter()
  readonly #online = new Emitter()
  #tasks: { readonly at: number; readonly run: () => void }[] = []
  #now = 1_000_000
  #attentive = true

  constructor() {
    this.storage = {
      get: (key: string) => this.#values.get(key),
      set: (key: string, value: string) => void this.#values.set(key, value),
      remove: (key: string) => void this.#values.delete(key),
    }
  }

  now(): number {
    return this.#now
  }

  schedule(run: () => void, delayMs: number): Dispose {
    const task = { at: this.#now + delayMs, run }
    this.#tasks.push(task)
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== task)
    }
  }

  /** Lets time pass and runs what is due. */
  advance(ms: number): void {
    this.#now += ms
    const due = this.#tasks.filter(({ at }) => at <= this.#now)
    this.#tasks = this.#tasks.filter(({ at }) => at > this.#now)
    for (const { run } of due) run()
  }

  copyText(text: string): Promise<void> {
    this.copied.push(text)
    return Promise.resolve()
  }

  isAttentive(): boolean {
    return this.#attentive
  }

  setAttentive(attentive: boolean): void {
    this.#attentive = attentive
    this.#attention.emit()
  }

  onAttentionChanged(listener: () => void): Dispose {
    return this.#attention.subscribe(listener)
  }

  onOnline(listener: () => void): Dispose {
    return this.#online.subscribe(listener)
  }
}
