import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { at } from '../harness/user.ts'
import { type Operation, SPECIFICATION } from '../../../spec-tests/contract/specification.ts'

/** Operations under one heading of the specification. */
export interface Section {
  readonly title: string
  readonly operations: readonly Operation[]
}

const WITHOUT_TAG = 'Other'

/** Sorts operations into sections by the first tag that the specification's files give them. */
export function bySection(operations: readonly Operation[]): Section[] {
  const sources = new Set(operations.map(({ source }) => source))
  const tags = new Map(Array.from(sources).flatMap(tagsIn))
  const grouped = Map.groupBy(operations, ({ id }) => tags.get(id) ?? WITHOUT_TAG)
  return Array.from(grouped, ([title, all]) => ({ title, operations: all })).sort((a, b) =>
    a.title < b.title ? -1 : 1,
  )
}

function tagsIn(source: string): [id: string, tag: string][] {
  const document: unknown = parse(readFileSync(join(SPECIFICATION, 'data/api', source), 'utf8'))
  return values(at(document, 'paths'))
    .flatMap(values)
    .flatMap((operation): [string, string][] => {
      const id = at(operation, 'operationId')
      const tag = at(operation, 'tags', 0)
      return typeof id === 'string' && typeof tag === 'string' ? [[id, tag]] : []
    })
}

function values(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : []
}
