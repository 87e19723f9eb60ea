import { guestForbidden } from '#matrix/errors.ts'
import type { RoomId } from '#matrix/ids.ts'
import type { Rng } from '#platform/rng.ts'
import type { RateLimiter } from '#policies/rate-limiter.ts'
import type { Account, Accounts } from '#services/accounts/index.ts'
import type { Requester } from '#services/sessions/index.ts'
import { Admission, type AdmissionDeps } from './admission.ts'
import { Revocation, type RevocationDeps } from './revocation.ts'

export type GuestsDeps = AdmissionDeps &
  Omit<RevocationDeps, 'admission'> & {
    readonly rng: Pick<Rng, 'id'>
    readonly limiter: RateLimiter
    readonly accounts: Pick<Accounts, 'create' | 'guests'>
    readonly config: { readonly registration: { readonly guests: boolean } }
  }

const NAME_LENGTH = 16

/**
 * Accounts without name and password, and the rooms that admit them.
 * https://spec.matrix.org/v1.19/client-server-api/#guest-access
 */
export class Guests {
  readonly #deps: GuestsDeps
  readonly #admission: Admission
  readonly #revocation: Revocation

  constructor(deps: GuestsDeps) {
    this.#deps = deps
    this.#admission = new Admission(deps)
    this.#revocation = new Revocation({ ...deps, admission: this.#admission })
  }

  /**
   * Makes a guest.
   * @param address what the limit of registrations counts
   * @throws {MatrixError} 403 `M_GUEST_ACCESS_FORBIDDEN` when the server admits none, 429
   */
  async register(address: string): Promise<Account> {
    const { accounts, config, limiter, rng } = this.#deps
    if (!config.registration.guests) throw guestForbidden('Guests are not admitted here.')
    await limiter.consume('registration', address)
    const localpart = `guest-${rng.id(NAME_LENGTH).toLowerCase()}`
    return await accounts.create({ localpart, guest: true })
  }

  /**
   * Lets a user join as `join` does it; a guest only where guests are admitted, before and after:
   * who was about to join when that ended is not among those whom the room shows out.
   * @throws {MatrixError} 403 `M_GUEST_ACCESS_FORBIDDEN`; what `join` throws
   */
  async joining<T>(
    requester: Pick<Requester, 'guest' | 'user' | 'userId'>,
    roomId: RoomId,
    join: () => Promise<T>,
  ): Promise<T> {
    if (!requester.guest) return await join()
    const refused = () => guestForbidden('The room does not admit guests.')
    if (!(await this.#admission.admits(roomId))) throw refused()
    const joined = await join()
    if (await this.#admission.admits(roomId)) return joined
    await this.#revocation.showOut(roomId, [requester.user])
    throw refused()
  }

  /** Ends what goes on in the background. */
  stop(): void {
    this.#revocation.stop()
  }
}

/** Makes the service; one per worker. */
export const createGuests = (deps: GuestsDeps): Guests => new Guests(deps)
