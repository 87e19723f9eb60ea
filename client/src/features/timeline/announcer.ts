import { t } from '#i18n/t.ts'
import { plainText } from './message-text.ts'
import type { TimelineEvent } from './timeline.view-model.ts'

const PAUSE_MS = 700

/** Says new messages at a bearable pace: one in full, several as a number. */
export class Announcer {
  readonly #say: (text: string) => void
  #said = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(say: (text: string) => void) {
    this.#say = say
  }

  /** Takes note of how many messages have come in so far, and of the last one. */
  update(count: number, last: TimelineEvent | undefined): void {
    if (count <= this.#said || last === undefined) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      const fresh = count - this.#said
      this.#said = count
      const values = { name: last.sender.name, text: plainText(last) }
      this.#say(
        fresh === 1
          ? t('timeline.announce', values)
          : t('timeline.announce-many', { count: fresh }),
      )
    }, PAUSE_MS)
  }

  /** Starts over for another room. */
  reset(): void {
    clearTimeout(this.#timer)
    this.#said = 0
  }
}
