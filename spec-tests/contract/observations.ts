import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What one answer shows about its operation: `success` and `denial` prove it. An `other` answer is
 * valid and proves nothing: it came outside a test, or before the test had set anything up.
 */
export type Kind = 'success' | 'denial' | 'other' | 'invalid'

export interface Observation {
  readonly operation: string
  readonly kind: Kind
  readonly status: number
  /** The test that received the answer, '' outside all. */
  readonly test: string
  /** What is wrong with an invalid one. */
  readonly fault?: string
}

/** The folder that takes the observations of a run; none are kept when it is not named. */
export const FOLDER_VARIABLE = 'HEARTH_OBSERVATIONS'

/** Keeps the observations of one process, the same ones once. */
export class ObservationFile {
  readonly #path: string | undefined
  readonly #written = new Set<string>()

  constructor(name: string) {
    const folder = process.env[FOLDER_VARIABLE]
    if (folder === undefined) return
    mkdirSync(folder, { recursive: true })
    this.#path = join(folder, `${name}.jsonl`)
  }

  add(observation: Observation): void {
    if (this.#path === undefined) return
    const { operation, kind, status, fault = '' } = observation
    const key = [operation, kind, status, fault].join(' ')
    if (this.#written.has(key)) return
    this.#written.add(key)
    appendFileSync(this.#path, `${JSON.stringify(observation)}\n`)
  }
}

/** All that a run observed. */
export function readObservations(folder: string): Observation[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'))
  return files.flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Observation),
  )
}
