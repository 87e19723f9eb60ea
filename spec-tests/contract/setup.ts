// A set-up file of vitest: every answer that a test receives is held against the specification, and
// one that breaks it fails the test.
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeEach } from 'vitest'
import { type Exchange, observe, observeWith } from './exchange.ts'
import { ObservationFile } from './observations.ts'
import { Recorder } from './recorder.ts'
import { missingSpecification } from './specification.ts'

function failOnFaults(recorder: Recorder): void {
  const faults = recorder.takeFaults()
  if (faults.length === 0) return
  throw new Error(`Answers that the specification does not allow:\n${faults.join('\n')}`)
}

/** Sees what goes through `fetch`, in whoever's hands: our harness, a test, an SDK. */
function watchFetch(): void {
  const original = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const response = await original(input, init)
    if (response.url.includes('/_matrix/') || response.url.includes('/.well-known/')) {
      const text = await response.clone().text()
      observe({ ...requestOf(input, init), status: response.status, text })
    }
    return response
  }
}

type FetchInput = Parameters<typeof fetch>[0]

function requestOf(
  input: FetchInput,
  init: RequestInit | undefined,
): Pick<Exchange, 'method' | 'origin' | 'path' | 'requestBody'> {
  const asked = input instanceof Request ? input : undefined
  const { origin, pathname, search } = new URL(input instanceof Request ? input.url : input)
  return {
    method: (init?.method ?? asked?.method ?? 'GET').toUpperCase(),
    origin,
    path: pathname + search,
    requestBody: typeof init?.body === 'string' ? init.body : undefined,
  }
}

// without the data the contract tests are skipped by name, or fail with CI=true
if (missingSpecification() === undefined) {
  const file = new ObservationFile(`${process.pid}-${randomUUID()}`)
  const recorder = new Recorder((observation) => file.add(observation))
  observeWith((exchange) => recorder.add(exchange))
  watchFetch()
  beforeEach(({ task }) => recorder.during(task.name))
  afterEach(() => {
    recorder.during('')
    failOnFaults(recorder)
  })
  // what came in hooks, or after the test that asked
  afterAll(() => failOnFaults(recorder))
}
