import type { Dispose } from '#lib/disposables.ts'
import { Emitter } from '#lib/emitter.ts'
import { type Route, formatRoute, parseRoute } from './routes.ts'

/** Follows the fragment of the page's address; links and the back button just work. */
export class Router {
  readonly #changed = new Emitter()
  #route: Route

  constructor() {
    this.#route = parseRoute(location.hash)
    window.addEventListener('hashchange', () => {
      this.#route = parseRoute(location.hash)
      this.#changed.emit()
    })
  }

  get route(): Route {
    return this.#route
  }

  subscribe(listener: () => void): Dispose {
    return this.#changed.subscribe(listener)
  }

  /** Goes somewhere, as a click on a link would. */
  go(route: Route): void {
    location.hash = formatRoute(route)
  }

  /** Goes somewhere without a step back to here. */
  replace(route: Route): void {
    history.replaceState(null, '', formatRoute(route))
    this.#route = route
    this.#changed.emit()
  }
}
