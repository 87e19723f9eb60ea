import type { Epochs } from '../epochs/epochs.ts'
import type { Applied } from '../tail/applied.ts'
import type { SyncToken } from '../types.ts'
import { encodeSyncToken, parseSyncToken } from './sync-token.ts'

/** Sync tokens of this log. */
export interface SyncTokens {
  /** Names the current history. */
  readonly tag: number
  /** A token for `pos` in the history of `tag`, or the current one. */
  encode(token: Omit<SyncToken, 'tag'> & Partial<Pick<SyncToken, 'tag'>>): string
  /** @throws {MatrixError} 400 `M_INVALID_PARAM` when it is no token of ours */
  parse(text: string): SyncToken
  /**
   * Parses, and reads the log on when the token is ahead of this worker. Undefined: the token is
   * from another history or the future, and the client needs a full sync.
   * @throws {MatrixError} 400 `M_INVALID_PARAM` when it is no token of ours
   */
  resolve(text: string): Promise<SyncToken | undefined>
}

export class LogTokens implements SyncTokens {
  readonly #deps: { epochs: Epochs; applied: Applied; catchUp(): Promise<void> }

  constructor(deps: { epochs: Epochs; applied: Applied; catchUp(): Promise<void> }) {
    this.#deps = deps
  }

  get tag(): number {
    return this.#deps.epochs.tag
  }

  encode(token: Omit<SyncToken, 'tag'> & Partial<Pick<SyncToken, 'tag'>>): string {
    return encodeSyncToken({ tag: this.tag, ...token })
  }

  parse(text: string): SyncToken {
    return parseSyncToken(text)
  }

  async resolve(text: string): Promise<SyncToken | undefined> {
    const token = parseSyncToken(text)
    const { epochs, applied } = this.#deps
    if (token.pos > applied.head || token.tag > epochs.tag) await this.#deps.catchUp()
    const isOurs = token.otherLogs === undefined && epochs.isShared(token.tag, token.pos)
    return isOurs && token.pos <= applied.head ? token : undefined
  }
}
