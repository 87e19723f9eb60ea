import { createHmac } from 'node:crypto'
import { forbidden, MatrixError } from '#matrix/errors.ts'
import type { Clock } from '#platform/clock.ts'
import type { Rng } from '#platform/rng.ts'
import { sameText } from './same-text.ts'

export interface SignedRegistration {
  readonly nonce: string
  readonly username: string
  readonly password: string
  readonly admin: boolean
  readonly userType?: string | undefined
  /** Hexadecimal. */
  readonly mac: string
}

const NONCE_MS = 60_000

/**
 * Registration by a secret that the caller shares with the server. A nonce is signed rather than
 * remembered, so that every worker knows it; using it twice can only ask for the same name again,
 * which is taken by then.
 */
export class SharedSecretRegistration {
  readonly #secret: string
  readonly #clock: Clock
  readonly #rng: Rng

  constructor(secret: string, deps: { clock: Clock; rng: Rng }) {
    this.#secret = secret
    this.#clock = deps.clock
    this.#rng = deps.rng
  }

  nonce(): string {
    const text = `${this.#clock.now()}.${this.#rng.id(24)}`
    return `${text}.${this.#sign('sha256', ['nonce', text])}`
  }

  /** @throws {MatrixError} 400 for an unknown nonce, 403 for a wrong mac */
  requireValid(request: SignedRegistration): void {
    this.#requireNonce(request.nonce)
    const parts = [request.nonce, request.username, request.password]
    parts.push(request.admin ? 'admin' : 'notadmin')
    if (request.userType !== undefined) parts.push(request.userType)
    if (!sameText(this.#sign('sha1', parts), request.mac.toLowerCase())) {
      throw forbidden('HMAC incorrect')
    }
  }

  #requireNonce(nonce: string): void {
    const [time = '', random = '', signature = ''] = nonce.split('.')
    const age = this.#clock.now() - Number(time)
    const ours = sameText(this.#sign('sha256', ['nonce', `${time}.${random}`]), signature)
    if (!ours || !(age >= 0 && age < NONCE_MS)) {
      throw new MatrixError(400, 'M_UNKNOWN', 'unrecognised nonce')
    }
  }

  #sign(algorithm: 'sha1' | 'sha256', parts: readonly string[]): string {
    return createHmac(algorithm, this.#secret).update(parts.join('\0')).digest('hex')
  }
}
