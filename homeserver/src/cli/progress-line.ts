import { inWords } from '#backup/places.ts'
import type { OnProgress } from '#backup/progress.ts'

const REDRAW_MS = 100

/** A line on the terminal that shows how far a long copy is. Silent where nobody watches. */
export function progressLine(what: string): { onProgress: OnProgress; end(): void } {
  const { stderr } = process
  let drawn = 0
  const end = () => {
    if (drawn > 0) stderr.write('\r\u001B[K')
    drawn = 0
  }
  return {
    end,
    onProgress(done, total) {
      if (!stderr.isTTY || performance.now() - drawn < REDRAW_MS) return
      drawn = performance.now()
      const share = total === 0 ? 100 : Math.floor((done / total) * 100)
      stderr.write(`\r\u001B[K${what} ${inWords(done)} of ${inWords(total)} (${share} %)`)
    },
  }
}
