import type { Conversation, Member } from '#data/index.ts'
import { ViewModel } from '#lib/view-model.ts'

/** A heading of the member list with the people under it. */
export interface MemberGroup {
  readonly id: Member['role'] | 'invited'
  readonly members: readonly Member[]
}

export interface MembersState {
  readonly userId: string
  readonly groups: readonly MemberGroup[]
  readonly count: number
  readonly mayInvite: boolean
  readonly incomplete: boolean
}

const ORDER = ['owner', 'admin', 'moderator', 'member', 'invited'] as const

function groupOf(member: Member): MemberGroup['id'] {
  return member.membership === 'invite' ? 'invited' : member.role
}

/** Sorts members under headings, by role and then by name. Headings without people are left out. */
export function groupMembers(members: readonly Member[]): readonly MemberGroup[] {
  const sorted = members.toSorted((a, b) => a.name.localeCompare(b.name))
  return ORDER.map((id) => ({
    id,
    members: sorted.filter((member) => groupOf(member) === id),
  })).filter((group) => group.members.length > 0)
}

/** The people in a room. */
export class MembersViewModel extends ViewModel<MembersState> {
  readonly #conversation: Conversation

  constructor(conversation: Conversation) {
    super({
      userId: conversation.userId,
      groups: [],
      count: 0,
      mayInvite: false,
      incomplete: false,
    })
    this.#conversation = conversation
    this.disposables.add(conversation.onChanged('members', () => this.#refresh()))
    this.#refresh()
    void this.#load()
  }

  async #load(): Promise<void> {
    try {
      await this.#conversation.loadMembers()
      this.merge({ incomplete: false })
    } catch {
      this.merge({ incomplete: true })
    }
    this.#refresh()
  }

  #refresh(): void {
    const members = this.#conversation.members()
    this.merge({
      groups: groupMembers(members),
      count: members.filter((member) => member.membership === 'join').length,
      mayInvite: this.#conversation.permissions().invite,
    })
  }
}
