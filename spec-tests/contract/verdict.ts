import { needsDenial } from './denials.ts'
import type { Observation } from './observations.ts'
import type { Operation } from './specification.ts'

export interface Unproven {
  readonly operation: Operation
  readonly lacks: readonly string[]
}

/** What a run has shown about the operations that are built. */
export interface Verdict {
  readonly proven: readonly Operation[]
  readonly unproven: readonly Unproven[]
  /** Answers that broke the specification, with the test that received them. */
  readonly faults: readonly string[]
}

/**
 * An operation is proven by a valid success that state of the test's own had caused and by a valid
 * denial, where it has one, and by no invalid answer.
 */
export function verdict(
  built: readonly Operation[],
  observations: readonly Observation[],
): Verdict {
  const seen = Map.groupBy(observations, ({ operation }) => operation)
  const judged = built.map((operation) => ({
    operation,
    lacks: lacking(operation, seen.get(operation.id) ?? []),
  }))
  return {
    proven: judged.filter(({ lacks }) => lacks.length === 0).map(({ operation }) => operation),
    unproven: judged.filter(({ lacks }) => lacks.length > 0),
    faults: observations.flatMap(({ operation, status, fault, test }) =>
      fault === undefined ? [] : [`${operation}: ${status}: ${fault} ("${test}")`],
    ),
  }
}

function lacking(operation: Operation, seen: readonly Observation[]): string[] {
  const kinds = new Set(seen.map(({ kind }) => kind))
  return [
    ...(kinds.has('success') ? [] : ['success']),
    ...(kinds.has('denial') || !needsDenial(operation) ? [] : ['denial']),
    ...(kinds.has('invalid') ? ['validity'] : []),
  ]
}
