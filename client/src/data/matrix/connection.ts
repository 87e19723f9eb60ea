import { ClientEvent, HttpApiEvent, type MatrixClient, SyncState } from 'matrix-js-sdk'
import type { Dispose } from '#lib/disposables.ts'
import { Emitter } from '#lib/emitter.ts'
import type { Connection, ConnectionStatus } from '../model/account.ts'

/** Follows the sync loop of an SDK client. */
export class MatrixConnection implements Connection {
  readonly #client: MatrixClient
  readonly #changed = new Emitter()
  #status: ConnectionStatus = 'connecting'

  constructor(client: MatrixClient) {
    this.#client = client
    client.on(ClientEvent.Sync, this.#onSync)
    client.on(HttpApiEvent.SessionLoggedOut, this.#onLoggedOut)
  }

  status(): ConnectionStatus {
    return this.#status
  }

  onStatusChanged(listener: () => void): Dispose {
    return this.#changed.subscribe(listener)
  }

  retryNow(): void {
    this.#client.retryImmediately()
  }

  dispose(): void {
    this.#client.off(ClientEvent.Sync, this.#onSync)
    this.#client.off(HttpApiEvent.SessionLoggedOut, this.#onLoggedOut)
  }

  readonly #onLoggedOut = (): void => this.#become('signed-out')

  readonly #onSync = (state: SyncState): void => {
    switch (state) {
      case SyncState.Syncing:
      case SyncState.Catchup:
        this.#become('live')
        break
      case SyncState.Error:
      case SyncState.Reconnecting:
        this.#become('offline')
        break
      default:
    }
  }

  #become(status: ConnectionStatus): void {
    if (this.#status === status || this.#status === 'signed-out') return
    this.#status = status
    this.#changed.emit()
  }
}
