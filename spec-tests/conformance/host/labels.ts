import { at, listAt } from '../../target/json.ts'

export type Labels = Readonly<Record<string, string>>

/** The texts of a JSON object, other members left out. */
export function labelsOf(value: unknown): Labels {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  )
}

/**
 * The filter of a listing: `{"label": ["key", "key=value"]}`, or the older form with an object of
 * conditions.
 */
export function labelFilter(filters: string | null): (labels: Labels) => boolean {
  const parsed: unknown = JSON.parse(filters ?? '{}')
  const list = listAt(parsed, 'label')
  const old = at(parsed, 'label')
  const conditions =
    list.length > 0 ? list.map(String) : typeof old === 'object' ? Object.keys(old ?? {}) : []
  return (labels) => conditions.every((condition) => holds(condition, labels))
}

function holds(condition: string, labels: Labels): boolean {
  const equals = condition.indexOf('=')
  if (equals < 0) return condition in labels
  return labels[condition.slice(0, equals)] === condition.slice(equals + 1)
}

const CHANGE = /^LABEL "(.*?)"="(.*)"$/s

/** Labels that a commit adds, as lines of a Dockerfile. */
export function changedLabels(changes: readonly string[]): Labels {
  const labels: Record<string, string> = {}
  for (const change of changes) {
    const [, key, value] = CHANGE.exec(change) ?? []
    if (key !== undefined && value !== undefined) labels[key] = value
  }
  return labels
}
