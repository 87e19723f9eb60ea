import type { MembershipRow, RoomKey } from '#log/types.ts'
import { allowedRooms } from '#matrix/auth-rules/allowed-rooms.ts'
import type { RoomId } from '#matrix/ids.ts'
import { isWorldReadable, joinRuleOf } from './room-facts.ts'
import type { RoomFacts, SpacesDeps, Viewer } from './types.ts'

/** Which rooms one viewer may find: those in reach, readable for everybody, or open to a knock. */
export class Discoverable {
  readonly #memberships: ReadonlyMap<RoomKey, MembershipRow>
  readonly #dictionary: SpacesDeps['dictionary']
  #joined: Promise<ReadonlySet<RoomId>> | undefined

  private constructor(
    memberships: ReadonlyMap<RoomKey, MembershipRow>,
    dictionary: SpacesDeps['dictionary'],
  ) {
    this.#memberships = memberships
    this.#dictionary = dictionary
  }

  static async for(
    viewer: Viewer,
    { reads, dictionary }: Pick<SpacesDeps, 'reads' | 'dictionary'>,
  ): Promise<Discoverable> {
    const memberships = viewer === undefined ? new Map() : await reads.membershipsOf(viewer.user)
    return new Discoverable(memberships, dictionary)
  }

  /** The viewer's membership; undefined for who has never had one. */
  membershipIn(room: RoomKey): string | undefined {
    return this.#memberships.get(room)?.membership
  }

  /**
   * Whether the viewer may know of the room.
   * https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1roomsroomidhierarchy
   */
  async includes(facts: RoomFacts): Promise<boolean> {
    const membership = this.membershipIn(facts.info.key)
    if (membership === 'join' || membership === 'invite' || isWorldReadable(facts)) return true
    // neither a public room nor one to knock at is open to the banned
    if (membership === 'ban') return false
    const { version } = facts.info
    const rule = joinRuleOf(facts)
    if (rule === 'public' || (rule === 'knock' && version.knock)) return true
    if (rule === 'knock_restricted' && version.knockRestricted) return true
    const allowed = allowedRooms(facts.contents.get('m.room.join_rules'), version) ?? []
    if (allowed.length === 0) return false
    const joined = await this.#joinedRooms()
    return allowed.some((roomId) => joined.has(roomId))
  }

  #joinedRooms(): Promise<ReadonlySet<RoomId>> {
    this.#joined ??= this.#readJoined()
    return this.#joined
  }

  async #readJoined(): Promise<ReadonlySet<RoomId>> {
    const rows = this.#memberships.values().filter(({ membership }) => membership === 'join')
    const infos = await this.#dictionary.roomsByKey(Array.from(rows, ({ room }) => room))
    return new Set(infos.values().map(({ roomId }) => roomId))
  }
}
