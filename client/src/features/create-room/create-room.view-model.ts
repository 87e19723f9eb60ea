import type { RoomList } from '#data/index.ts'
import { type Failure, asFailure } from '#lib/errors.ts'
import { parseUserId } from '#lib/user-id.ts'
import { ViewModel } from '#lib/view-model.ts'

export interface CreateRoomState {
  readonly name: string
  readonly topic: string
  readonly visibility: 'private' | 'public'
  /** User ids as typed, separated by spaces or commas. */
  readonly invite: string
  readonly nameMissing: boolean
  /** What was typed and is no user id. */
  readonly badInvite: string
  readonly busy: boolean
  readonly failure: Failure | undefined
}

interface Dependencies {
  readonly creator: Pick<RoomList, 'create'>
  /** Completes user ids typed without a server. */
  readonly serverName: string
  /** Called with the id of the new room. */
  readonly onCreated: (roomId: string) => void
}

/** The form that creates a room. */
export class CreateRoomViewModel extends ViewModel<CreateRoomState> {
  readonly #deps: Dependencies

  constructor(deps: Dependencies) {
    super({
      name: '',
      topic: '',
      visibility: 'private',
      invite: '',
      nameMissing: false,
      badInvite: '',
      busy: false,
      failure: undefined,
    })
    this.#deps = deps
  }

  setName(name: string): void {
    this.merge({ name, nameMissing: false })
  }

  setTopic(topic: string): void {
    this.merge({ topic })
  }

  setVisibility(visibility: 'private' | 'public'): void {
    this.merge({ visibility })
  }

  setInvite(invite: string): void {
    this.merge({ invite, badInvite: '' })
  }

  async submit(): Promise<void> {
    const { busy, topic, visibility } = this.state
    const name = this.state.name.trim()
    if (busy) return
    const { users, bad } = this.#parseInvite()
    this.merge({ nameMissing: name === '', badInvite: bad, failure: undefined })
    if (name === '' || bad !== '') return
    this.merge({ busy: true })
    try {
      const room = { name, topic: topic.trim(), visibility, invite: users }
      const roomId = await this.#deps.creator.create(room)
      this.merge({ busy: false })
      this.#deps.onCreated(roomId)
    } catch (error) {
      this.merge({ busy: false, failure: asFailure(error) })
    }
  }

  #parseInvite(): { readonly users: readonly string[]; readonly bad: string } {
    const typed = this.state.invite.split(/[\s,;]+/u).filter((part) => part !== '')
    const parsed = typed.map((part) => parseUserId(part, this.#deps.serverName))
    const users = [...new Set(parsed.filter((user) => user !== undefined))]
    return { users, bad: typed[parsed.indexOf(undefined)] ?? '' }
  }
}
