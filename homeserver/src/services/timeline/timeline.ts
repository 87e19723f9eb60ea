import type { SyncTokens } from '#log/index.ts'
import type { StoredEvent } from '#log/types.ts'
import { missingParam, notFound } from '#matrix/errors.ts'
import type { EventId, RoomId } from '#matrix/ids.ts'
import { own, type JsonObject } from '#matrix/json.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import type { RoomEventFilter } from '#services/filters/index.ts'
import type { JoinedRoom } from '#services/joined-room/index.ts'
import type { Access, Visibility } from '#services/visibility/index.ts'
import { ClientEventTexts, type ClientEventsDeps } from './client-events.ts'
import { contentJson } from './content.ts'
import { eventByTime } from './event-by-time.ts'
import { eventContext, type EventContext } from './event-context.ts'
import { members } from './members.ts'
import { messages, type MessagesPage } from './messages.ts'
import type { ClientEvents, Viewer } from './types.ts'

interface MessagesQuery {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly dir?: 'b' | 'f' | undefined
  readonly limit: number
  readonly filter: RoomEventFilter
}

interface MembersQuery {
  readonly at?: string | undefined
  readonly membership?: string | undefined
  readonly notMembership?: string | undefined
}

/** Name and picture of a joined member. */
interface JoinedMember {
  readonly display_name?: string
  readonly avatar_url?: string
}

/**
 * What users read of rooms. Events come as JSON texts in the client form. Every method answers 403
 * `M_FORBIDDEN` to those who are not and have not been in the room, unless it says otherwise;
 * those who left read the room as of their leave.
 */
export interface Timeline extends ClientEvents {
  /** @throws {MatrixError} 400 for bad tokens and, `M_MISSING_PARAM`, without a direction */
  messages(viewer: Viewer, roomId: RoomId, query: MessagesQuery): Promise<MessagesPage>
  /** @throws {MatrixError} 404 `M_NOT_FOUND`, also when the viewer may not see the event */
  event(viewer: Viewer, roomId: RoomId, eventId: EventId): Promise<string>
  /**
   * The event itself, which the viewer may see.
   * @param roomId the room that it must be in; undefined: any
   * @throws {MatrixError} 404 `M_NOT_FOUND`, also when the viewer may not see the event
   */
  visibleEvent(viewer: Viewer, roomId: RoomId | undefined, eventId: EventId): Promise<StoredEvent>
  /** What happened around an event. @throws {MatrixError} like {@link visibleEvent} */
  context(
    viewer: Viewer,
    roomId: RoomId,
    eventId: EventId,
    query: { readonly limit: number; readonly filter: RoomEventFilter },
  ): Promise<EventContext>
  /**
   * The event closest to a time, in milliseconds, in one direction.
   * @throws {MatrixError} 404 `M_NOT_FOUND` when there is none that the viewer may see
   */
  eventByTime(
    viewer: Viewer,
    roomId: RoomId,
    query: { readonly ts: number; readonly dir: 'b' | 'f' },
  ): Promise<StoredEvent>
  /** The content of a state event. @throws {MatrixError} 404 when there is none */
  stateContent(viewer: Viewer, roomId: RoomId, type: string, stateKey: string): Promise<string>
  /** A state event. @throws {MatrixError} 404 when there is none */
  stateEvent(viewer: Viewer, roomId: RoomId, type: string, stateKey: string): Promise<string>
  state(viewer: Viewer, roomId: RoomId): Promise<string[]>
  /** @throws {MatrixError} 400 for bad tokens */
  members(viewer: Viewer, roomId: RoomId, query: MembersQuery): Promise<string[]>
  /** Members with their names, by user ID; for joined users only. */
  joinedMembers(viewer: Viewer, roomId: RoomId): Promise<Map<string, JoinedMember>>
}

export interface TimelineDeps extends ClientEventsDeps {
  readonly tokens: Pick<SyncTokens, 'resolve'>
  readonly visibility: Visibility
  readonly access: Access
  readonly joinedRoom: JoinedRoom
}

/** Of state events in lists only the present matters. */
const STATE_LIST = { roomId: true, membership: false, prevContent: false } as const

export function createTimeline(deps: TimelineDeps): Timeline {
  return new LogTimeline(deps)
}

class LogTimeline extends ClientEventTexts implements Timeline {
  readonly #deps: TimelineDeps

  constructor(deps: TimelineDeps) {
    super(deps)
    this.#deps = deps
  }

  async messages(viewer: Viewer, roomId: RoomId, query: MessagesQuery): Promise<MessagesPage> {
    const access = await this.#deps.access.read(viewer.user, roomId)
    const { dir } = query
    // only here: a room that is closed to the viewer is closed to incomplete requests as well
    if (dir === undefined) throw missingParam('dir')
    return await messages({ ...query, dir, access, viewer }, { ...this.#deps, clientEvents: this })
  }

  async event(viewer: Viewer, roomId: RoomId, eventId: EventId): Promise<string> {
    const event = await this.visibleEvent(viewer, roomId, eventId)
    const [text] = await this.serializeEvents([event], viewer, { roomId: true })
    return text ?? ''
  }

  async visibleEvent(viewer: Viewer, roomId: RoomId | undefined, eventId: EventId) {
    const event = await this.#deps.reads.eventById(eventId)
    const isThere =
      event !== undefined &&
      (roomId === undefined || event.room === (await this.#deps.dictionary.room(roomId))?.key) &&
      (await this.#deps.visibility.canSee(viewer.user, event))
    if (!isThere) throw notFound('There is no such event, or you may not see it.')
    return event
  }

  async context(
    viewer: Viewer,
    roomId: RoomId,
    eventId: EventId,
    query: { readonly limit: number; readonly filter: RoomEventFilter },
  ): Promise<EventContext> {
    const event = await this.visibleEvent(viewer, roomId, eventId)
    const room = await this.#deps.dictionary.roomByKey(event.room)
    const request = { ...query, viewer, room, event }
    return await eventContext(request, { ...this.#deps, clientEvents: this })
  }

  async eventByTime(
    viewer: Viewer,
    roomId: RoomId,
    query: { readonly ts: number; readonly dir: 'b' | 'f' },
  ): Promise<StoredEvent> {
    const { room } = await this.#deps.access.read(viewer.user, roomId)
    const event = await eventByTime(room.key, viewer.user, query, this.#deps)
    if (event !== undefined) return event
    const direction = query.dir === 'f' ? 'forward' : 'backward'
    throw notFound(`Unable to find event from ${query.ts} in ${direction} direction`)
  }

  async stateContent(viewer: Viewer, roomId: RoomId, type: string, stateKey: string) {
    const { event, room } = await this.#stateEvent(viewer, roomId, type, stateKey)
    return contentJson(event, room.version)
  }

  async stateEvent(viewer: Viewer, roomId: RoomId, type: string, stateKey: string) {
    const { event } = await this.#stateEvent(viewer, roomId, type, stateKey)
    const [text] = await this.serializeEvents([event], viewer, { roomId: true })
    return text ?? ''
  }

  async state(viewer: Viewer, roomId: RoomId): Promise<string[]> {
    const access = await this.#deps.access.read(viewer.user, roomId)
    const state = await this.#deps.access.fullState(access)
    return await this.serializeEvents(state, viewer, STATE_LIST)
  }

  async members(viewer: Viewer, roomId: RoomId, query: MembersQuery): Promise<string[]> {
    const access = await this.#deps.access.read(viewer.user, roomId)
    const events = await members({ ...query, access, viewer }, this.#deps)
    return await this.serializeEvents(events, viewer, STATE_LIST)
  }

  async joinedMembers(viewer: Viewer, roomId: RoomId): Promise<Map<string, JoinedMember>> {
    const room = await this.#deps.joinedRoom.require(viewer.user, roomId)
    const states = await this.#deps.roomStates.currentOfMany(
      [room.key],
      [{ type: 'm.room.member' }],
    )
    const joined = new Map<string, JoinedMember>()
    for (const event of states.get(room.key) ?? []) {
      const { content } = event.roomEvent()
      if (membershipOf({ content }) === 'join') joined.set(event.stateKey, joinedMember(content))
    }
    return joined
  }

  async #stateEvent(viewer: Viewer, roomId: RoomId, type: string, stateKey: string) {
    const access = await this.#deps.access.read(viewer.user, roomId)
    const event = await this.#deps.access.stateOf(access, type, stateKey)
    if (event === undefined) throw notFound('The room has no such state.')
    return { event, room: access.room }
  }
}

function joinedMember(content: JsonObject): JoinedMember {
  const name = own(content, 'displayname')
  const avatar = own(content, 'avatar_url')
  return {
    ...(typeof name === 'string' && { display_name: name }),
    ...(typeof avatar === 'string' && { avatar_url: avatar }),
  }
}
