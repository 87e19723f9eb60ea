import { LitElement, type ReactiveController, type ReactiveControllerHost } from 'lit'
import type { Dispose } from '#lib/disposables.ts'

/** Anything that tells when it has changed; every view model does. */
export interface Observable {
  subscribe(listener: () => void): Dispose
}

/** Renders its host again whenever the observed object changes, also after it was exchanged. */
class Observation implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #source: () => Observable | undefined
  #current: Observable | undefined
  #stop: Dispose | undefined

  constructor(host: ReactiveControllerHost, source: () => Observable | undefined) {
    this.#host = host
    this.#source = source
    host.addController(this)
  }

  hostConnected(): void {
    this.#host.requestUpdate()
  }

  hostUpdate(): void {
    const source = this.#source()
    if (source === this.#current && this.#stop !== undefined) return
    this.#stop?.()
    this.#current = source
    this.#stop = source?.subscribe(() => this.#host.requestUpdate())
  }

  hostDisconnected(): void {
    this.#stop?.()
    this.#stop = undefined
    this.#current = undefined
  }
}

/** Base of every element of Hearth. */
export class HearthElement extends LitElement {
  /** Renders again whenever what `source` returns changes. Call it in the constructor. */
  protected observe(source: () => Observable | undefined): void {
    new Observation(this, source)
  }
}
