import type { LogReads } from '#log/reads.ts'
import type { RelationReads } from '#log/reads-relations.ts'
import type { RoomKey, StoredEvent, UserKey } from '#log/types.ts'
import { MatrixError } from '#matrix/errors.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { relationOf } from '#matrix/events/relation.ts'
import type { EventId } from '#matrix/ids.ts'
import { isJsonObject, own, type JsonObject } from '#matrix/json.ts'
import { KeyedTurns } from '#platform/keyed-turns.ts'

/** What makes two annotations of one user the same. */
export interface Annotation {
  readonly room: RoomKey
  readonly parent: EventId
  readonly sender: UserKey
  readonly eventType: string
  readonly key: string
}

/** The key with which an event of this content annotates another. */
function annotationIn(content: JsonObject): { parent: EventId; key: string } | undefined {
  const relation = relationOf(content)
  if (relation?.type !== 'm.annotation') return undefined
  const relatesTo = own(content, 'm.relates_to')
  const key = isJsonObject(relatesTo) ? own(relatesTo, 'key') : undefined
  return typeof key === 'string' ? { parent: relation.eventId, key } : undefined
}

/** The annotation that an event would be; undefined for all other events. */
export function annotationOf(
  room: RoomKey,
  {
    sender,
    type,
    content,
  }: {
    readonly sender: { readonly key: UserKey }
    readonly type: string
    readonly content: JsonObject
  },
): Annotation | undefined {
  const found = annotationIn(content)
  return found && { room, sender: sender.key, eventType: type, ...found }
}

/**
 * Lets a user annotate an event with a key once.
 * https://spec.matrix.org/v1.19/client-server-api/#avoiding-duplicate-annotations
 */
export class Annotations {
  readonly #reads: Pick<LogReads, 'eventsByPos'>
  readonly #relationReads: Pick<RelationReads, 'annotations'>
  /** Annotations that are being sent: an equal one waits for their outcome. */
  readonly #turns = new KeyedTurns<string>()

  constructor(deps: {
    readonly reads: Pick<LogReads, 'eventsByPos'>
    readonly relationReads: Pick<RelationReads, 'annotations'>
  }) {
    this.#reads = deps.reads
    this.#relationReads = deps.relationReads
  }

  /**
   * Sends an annotation unless there is one.
   * @param repeated the event that an earlier request with the same transaction ID made
   * @throws {MatrixError} 400 `M_DUPLICATE_ANNOTATION`
   */
  async once(
    annotation: Annotation,
    send: () => Promise<EventId>,
    repeated: () => Promise<EventId | undefined>,
  ): Promise<EventId> {
    return await this.#turns.run(JSON.stringify(annotation), async () => {
      if (!(await this.#exists(annotation))) return await send()
      const eventId = await repeated()
      if (eventId !== undefined) return eventId
      throw new MatrixError(400, 'M_DUPLICATE_ANNOTATION', 'You have sent this annotation already.')
    })
  }

  async #exists({ key, ...query }: Annotation): Promise<boolean> {
    const positions = await this.#relationReads.annotations(query)
    if (positions.length === 0) return false
    const events = await this.#reads.eventsByPos(positions)
    return events.values().some((event) => keyOf(event) === key)
  }
}

function keyOf({ json, contentAt, contentEnd }: StoredEvent): string | undefined {
  const content = parseJson(json.slice(contentAt, contentEnd))
  return isJsonObject(content) ? annotationIn(content)?.key : undefined
}
