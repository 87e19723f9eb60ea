import type { Dispose } from '#lib/disposables.ts'

/** A function that can be called many times in a row and runs its task once, a moment later. */
export interface Coalesced {
  readonly request: () => void
  readonly cancel: Dispose
}

/** Merges the many events of one answer of the server into one notification. */
export function coalesce(task: () => void): Coalesced {
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    request() {
      timer ??= setTimeout(() => {
        timer = undefined
        task()
      }, 0)
    },
    cancel() {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
