import type { StoredEvent } from '#log/types.ts'
import type { Aggregate, Aggregations } from '#services/aggregations/index.ts'
import type { ClientEvents, SerializeOptions, Viewer } from './types.ts'

export interface BundlesDeps {
  readonly aggregations: Aggregations
  readonly clientEvents: ClientEvents
}

/**
 * The bundled aggregations of events, as JSON text by position; events that have none are left out.
 * https://spec.matrix.org/v1.19/client-server-api/#aggregations-of-child-events
 */
export async function bundles(
  events: readonly StoredEvent[],
  viewer: Viewer,
  options: SerializeOptions,
  { aggregations, clientEvents }: BundlesDeps,
): Promise<ReadonlyMap<number, string>> {
  const aggregates = await aggregations.of(events, viewer.user)
  if (aggregates.size === 0) return new Map()
  const all = Array.from(aggregates.values())
  const withThreads = options.relations !== 'withoutThreads'
  const edits = all.flatMap(({ edit }) => edit ?? [])
  const latest = withThreads ? all.flatMap(({ thread }) => thread?.latest ?? []) : []
  const [editTexts, latestTexts] = await Promise.all([
    clientEvents.serializeEvents(edits, viewer, { ...options, relations: false }),
    // a thread's events begin no threads: what claims to is not followed further
    clientEvents.serializeEvents(latest, viewer, { ...options, relations: 'withoutThreads' }),
  ])
  const texts: Texts = { edits: textsOf(edits, editTexts), latest: textsOf(latest, latestTexts) }
  const found = new Map<number, string>()
  for (const [pos, aggregate] of aggregates) {
    const text = bundleJson(aggregate, texts)
    if (text !== undefined) found.set(pos, text)
  }
  return found
}

/** Events that were made part of others, by position. */
interface Texts {
  readonly edits: ReadonlyMap<number, string>
  readonly latest: ReadonlyMap<number, string>
}

const textsOf = (events: readonly StoredEvent[], texts: readonly string[]): Map<number, string> =>
  new Map(events.map((event, index) => [event.pos, texts[index] ?? '{}']))

function bundleJson({ edit, thread, references }: Aggregate, texts: Texts): string | undefined {
  const parts: string[] = []
  const edited = edit && texts.edits.get(edit.pos)
  if (edited !== undefined) parts.push(`"m.replace":${edited}`)
  const latest = thread && texts.latest.get(thread.latest.pos)
  if (latest !== undefined) {
    parts.push(
      `"m.thread":{"latest_event":${latest},"count":${thread?.count ?? 0},` +
        `"current_user_participated":${thread?.participated ?? false}}`,
    )
  }
  if (references.length > 0) {
    const chunk = references.map((eventId) => `{"event_id":${JSON.stringify(eventId)}}`)
    parts.push(`"m.reference":{"chunk":[${chunk.join(',')}]}`)
  }
  return parts.length === 0 ? undefined : `{${parts.join(',')}}`
}
