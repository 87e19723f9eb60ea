/** What decides about a worker's next connection. */
export interface Candidate {
  readonly isServing: boolean
  readonly load: number
  readonly silence: number
}

/** A worker that has not taken a connection for so long is stopped, or very busy. */
const SILENT_MS = 250

/**
 * The worker with the fewest connections, of those that take what they are given; of all that
 * serve when none does. Undefined when none serves.
 *
 * Connections live long, so whom they are given to decides the load for minutes: in turn, or to
 * whoever is quickest to accept, they would be spread unevenly.
 */
export function chooseWorker<Worker extends Candidate>(
  workers: readonly Worker[],
): Worker | undefined {
  const serving = workers.filter((worker) => worker.isServing)
  const awake = serving.filter((worker) => worker.silence < SILENT_MS)
  const candidates = awake.length > 0 ? awake : serving
  return candidates.reduce<Worker | undefined>(
    (best, worker) => (best === undefined || worker.load < best.load ? worker : best),
    undefined,
  )
}
