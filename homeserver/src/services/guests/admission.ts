import type { Dictionary, RoomKey } from '#log/types.ts'
import type { RoomId } from '#matrix/ids.ts'
import { own } from '#matrix/json.ts'
import type { RoomStates } from '#room-state/types.ts'

export interface AdmissionDeps {
  readonly dictionary: Pick<Dictionary, 'room'>
  readonly roomStates: Pick<RoomStates, 'currentOf'>
}

export const GUEST_ACCESS = 'm.room.guest_access'

/**
 * Which rooms admit guests: those whose state says so, as it is now.
 * https://spec.matrix.org/v1.19/client-server-api/#mroomguest_access
 */
export class Admission {
  readonly #deps: AdmissionDeps

  constructor(deps: AdmissionDeps) {
    this.#deps = deps
  }

  /** False for a room that is not known as well. */
  async admits(roomId: RoomId): Promise<boolean> {
    const room = await this.#deps.dictionary.room(roomId)
    return room !== undefined && (await this.admitsTo(room.key))
  }

  async admitsTo(room: RoomKey): Promise<boolean> {
    const event = await this.#deps.roomStates.currentOf(room, GUEST_ACCESS, '')
    return event !== undefined && own(event.roomEvent().content, 'guest_access') === 'can_join'
  }
}
