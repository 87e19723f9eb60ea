import type { Connection, ConnectionStatus } from '#data/index.ts'
import { ViewModel } from '#lib/view-model.ts'

/** How well the application is connected. */
export class ConnectionViewModel extends ViewModel<{ readonly status: ConnectionStatus }> {
  readonly #connection: Connection

  constructor(connection: Connection) {
    super({ status: connection.status() })
    this.#connection = connection
    this.disposables.add(
      connection.onStatusChanged(() => this.merge({ status: connection.status() })),
    )
  }

  /** Tries again at once. */
  retry(): void {
    this.#connection.retryNow()
  }
}
