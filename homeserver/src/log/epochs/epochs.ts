import type { Statement } from '#db/pipelined-client.ts'
import type { Reader } from '../read/connections.ts'

const EPOCHS: Statement = {
  name: 'epochs',
  text: 'SELECT tag, start_pos FROM epochs ORDER BY tag',
}

/**
 * The histories that the log has gone through. A new epoch begins when the end of the log may have
 * been lost: a failover, or a restore of a backup.
 */
export class Epochs {
  readonly #reader: Reader
  #starts: readonly { readonly tag: number; readonly start: number }[] = []

  constructor(reader: Reader) {
    this.#reader = reader
  }

  /** The current epoch's tag; 0 before the first load. */
  get tag(): number {
    return this.#starts.at(-1)?.tag ?? 0
  }

  async load(): Promise<void> {
    const adopt = await this.read(this.#reader)
    adopt()
  }

  /**
   * Reads the histories on a connection. They count once the returned function is called: in the same
   * step as the log's head is set back, or a token could name one's tag and the other's place.
   */
  async read(reader: Reader): Promise<() => void> {
    const rows = await reader.query<{ tag: number; start_pos: number }>(EPOCHS)
    return () => {
      this.#starts = rows.map((row) => ({ tag: row.tag, start: row.start_pos }))
    }
  }

  /** Up to which position the histories of an epoch and of today are the same. */
  sharedUpTo(tag: number): number {
    const later = this.#starts.filter((epoch) => epoch.tag > tag)
    return Math.min(Number.MAX_SAFE_INTEGER, ...later.map((epoch) => epoch.start))
  }

  /**
   * True when a position that was given out with a tag names the same place today: the epoch is
   * current, or every later one starts at or after the position.
   */
  isShared(tag: number, pos: number): boolean {
    return this.#starts.some((epoch) => epoch.tag === tag) && pos <= this.sharedUpTo(tag)
  }
}
