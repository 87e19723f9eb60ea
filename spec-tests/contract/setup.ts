// A set-up file of vitest: every answer that a test receives is held against the specification, and
// one that breaks it fails the test.
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeEach } from 'vitest'
import { observeWith } from './exchange.ts'
import { ObservationFile } from './observations.ts'
import { Recorder } from './recorder.ts'
import { missingSpecification } from './specification.ts'
import { watchFetch } from './watch-fetch.ts'

function failOnFaults(recorder: Recorder): void {
  const faults = recorder.takeFaults()
  if (faults.length === 0) return
  throw new Error(`Answers that the specification does not allow:\n${faults.join('\n')}`)
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
