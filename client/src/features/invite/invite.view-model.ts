import type { Conversation } from '#data/index.ts'
import { type Failure, asFailure } from '#lib/errors.ts'
import { parseUserId, serverNameOf } from '#lib/user-id.ts'
import { ViewModel } from '#lib/view-model.ts'

/** Why somebody cannot be invited. */
export type InviteProblem =
  | { readonly kind: 'bad' | 'self' }
  | { readonly kind: 'joined' | 'invited'; readonly name: string }

export interface InviteState {
  readonly roomName: string
  readonly serverName: string
  readonly input: string
  readonly problem: InviteProblem | undefined
  readonly busy: boolean
  readonly failure: Failure | undefined
  /** Who has just been invited. */
  readonly invited: readonly string[]
}

/** The form that invites somebody to a room by user id. */
export class InviteViewModel extends ViewModel<InviteState> {
  readonly #conversation: Conversation

  constructor(conversation: Conversation) {
    super({
      roomName: conversation.room().name,
      serverName: serverNameOf(conversation.userId),
      input: '',
      problem: undefined,
      busy: false,
      failure: undefined,
      invited: [],
    })
    this.#conversation = conversation
  }

  setInput(input: string): void {
    this.merge({ input, problem: undefined, failure: undefined })
  }

  /** Invites; resolves to the user id when that worked. */
  async submit(): Promise<string | undefined> {
    if (this.state.busy) return undefined
    const userId = parseUserId(this.state.input, this.state.serverName)
    const problem = this.#problemWith(userId)
    this.merge({ problem, failure: undefined })
    if (userId === undefined || problem !== undefined) return undefined
    this.merge({ busy: true })
    try {
      await this.#conversation.invite(userId)
      this.merge({ busy: false, input: '', invited: [...this.state.invited, userId] })
      return userId
    } catch (error) {
      this.merge({ busy: false, failure: asFailure(error) })
      return undefined
    }
  }

  #problemWith(userId: string | undefined): InviteProblem | undefined {
    if (userId === undefined) return { kind: 'bad' }
    if (userId === this.#conversation.userId) return { kind: 'self' }
    const member = this.#conversation.members().find(({ id }) => id === userId)
    if (member === undefined) return undefined
    return { kind: member.membership === 'invite' ? 'invited' : 'joined', name: member.name }
  }
}
