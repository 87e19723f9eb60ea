import type { Account, Conversation } from '#data/index.ts'
import { AccountViewModel } from '#features/account/account.view-model.ts'
import { ComposerViewModel } from '#features/composer/composer.view-model.ts'
import { ConnectionViewModel } from '#features/connection/connection.view-model.ts'
import { MembersViewModel } from '#features/members/members.view-model.ts'
import { RoomsViewModel } from '#features/rooms/rooms.view-model.ts'
import { TimelineViewModel } from '#features/timeline/timeline.view-model.ts'
import { ViewModel } from '#lib/view-model.ts'
import type { Platform } from '#platform/platform.ts'

/** The view models of the room on the screen. */
export interface RoomModels {
  readonly conversation: Conversation
  readonly timeline: TimelineViewModel
  readonly composer: ComposerViewModel
  readonly members: MembersViewModel
}

export interface HomeState {
  readonly roomId: string | undefined
  /** Undefined while the room is not (yet) joined. */
  readonly room: RoomModels | undefined
  /** Whether the member list has its own pane where there is space for it. */
  readonly membersPinned: boolean
}

const MEMBERS_KEY = 'hearth.members'

/** Composes the three panes for one account: makes their view models and disposes them. */
export class HomeViewModel extends ViewModel<HomeState> {
  readonly account: Account
  readonly platform: Platform
  readonly rooms: RoomsViewModel
  readonly profile: AccountViewModel
  readonly connection: ConnectionViewModel
  readonly #drafts = new Map<string, string>()

  constructor(account: Account, platform: Platform) {
    super({
      roomId: undefined,
      room: undefined,
      membersPinned: platform.storage.get(MEMBERS_KEY) !== 'hidden',
    })
    this.account = account
    this.platform = platform
    this.rooms = new RoomsViewModel(account.roomList)
    this.profile = new AccountViewModel(account)
    this.connection = new ConnectionViewModel(account.connection)
    for (const model of [this.rooms, this.profile, this.connection]) {
      this.disposables.add(() => model.dispose())
    }
    this.disposables.add(() => this.#closeRoom())
    this.disposables.add(account.roomList.onRoomsChanged(() => this.#followMembership()))
  }

  /** Shows a room, or none. */
  select(roomId: string | undefined): void {
    if (roomId === this.state.roomId) return
    this.#closeRoom()
    this.rooms.select(roomId)
    this.merge({ roomId })
    this.#followMembership()
  }

  /** Shows or hides the pane with the members. */
  toggleMembers(): void {
    const membersPinned = !this.state.membersPinned
    this.platform.storage.set(MEMBERS_KEY, membersPinned ? 'shown' : 'hidden')
    this.merge({ membersPinned })
  }

  /** Opens the room once it is joined, and closes it when it was left. */
  #followMembership(): void {
    const { roomId, room } = this.state
    if (roomId === undefined) return
    const conversation = this.account.conversation(roomId)
    if (conversation === undefined) this.#closeRoom()
    else if (room?.conversation !== conversation) this.#openRoom(conversation)
  }

  #openRoom(conversation: Conversation): void {
    this.#closeRoom()
    const { platform } = this
    this.merge({
      room: {
        conversation,
        timeline: new TimelineViewModel({ conversation, platform }),
        composer: new ComposerViewModel({ conversation, platform, drafts: this.#drafts }),
        members: new MembersViewModel(conversation),
      },
    })
  }

  #closeRoom(): void {
    const { room } = this.state
    if (room === undefined) return
    this.merge({ room: undefined })
    room.timeline.dispose()
    room.composer.dispose()
    room.members.dispose()
  }
}
