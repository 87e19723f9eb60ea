import type { RoomList, RoomSummary } from '#data/index.ts'
import { type Failure, asFailure } from '#lib/errors.ts'
import { ViewModel } from '#lib/view-model.ts'

export type { RoomSummary } from '#data/index.ts'

export interface RoomsState {
  readonly loaded: boolean
  readonly filter: string
  /** Invitations, newest first. */
  readonly invitations: readonly RoomSummary[]
  /** Joined rooms that match the filter, most recent first. */
  readonly rooms: readonly RoomSummary[]
  readonly joinedCount: number
  readonly selected: string | undefined
  /** Invitations being answered. */
  readonly answering: readonly string[]
  readonly failure: Failure | undefined
  /** All unread messages outside the room on the screen. */
  readonly unreadTotal: number
}

const byActivity = (a: RoomSummary, b: RoomSummary): number =>
  b.lastActivity - a.lastActivity || a.name.localeCompare(b.name)

function matches(room: RoomSummary, filter: string): boolean {
  return room.name.toLocaleLowerCase().includes(filter.trim().toLocaleLowerCase())
}

/** The list of rooms and invitations. */
export class RoomsViewModel extends ViewModel<RoomsState> {
  readonly #list: RoomList

  constructor(list: RoomList) {
    super({
      loaded: false,
      filter: '',
      invitations: [],
      rooms: [],
      joinedCount: 0,
      selected: undefined,
      answering: [],
      failure: undefined,
      unreadTotal: 0,
    })
    this.#list = list
    this.disposables.add(list.onRoomsChanged(() => this.#refresh()))
    this.#refresh()
  }

  setFilter(filter: string): void {
    this.merge({ filter })
    this.#refresh()
  }

  /** Marks the room that is on the screen. */
  select(roomId: string | undefined): void {
    this.merge({ selected: roomId })
    this.#refresh()
  }

  /** The invitation for a room, if there is one. */
  invitation(roomId: string): RoomSummary | undefined {
    return this.state.invitations.find((room) => room.id === roomId)
  }

  /** Joins; resolves to whether that worked. */
  accept(roomId: string): Promise<boolean> {
    return this.#answer(roomId, () => this.#list.acceptInvitation(roomId))
  }

  async decline(roomId: string): Promise<void> {
    await this.#answer(roomId, () => this.#list.declineInvitation(roomId))
  }

  async #answer(roomId: string, action: () => Promise<void>): Promise<boolean> {
    if (this.state.answering.includes(roomId)) return false
    this.merge({ answering: [...this.state.answering, roomId], failure: undefined })
    try {
      await action()
      return true
    } catch (error) {
      this.merge({ failure: asFailure(error) })
      return false
    } finally {
      this.merge({ answering: this.state.answering.filter((id) => id !== roomId) })
      this.#refresh()
    }
  }

  #refresh(): void {
    const all = this.#list.rooms()
    const joined = all.filter((room) => room.membership === 'join')
    this.merge({
      loaded: this.#list.isLoaded(),
      invitations: all.filter((room) => room.membership === 'invite').toSorted(byActivity),
      rooms: joined.filter((room) => matches(room, this.state.filter)).toSorted(byActivity),
      joinedCount: joined.length,
      unreadTotal: joined
        .filter((room) => room.id !== this.state.selected)
        .reduce((sum, room) => sum + room.unread, 0),
    })
  }
}
