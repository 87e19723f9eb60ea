import { type MatrixClient, Method } from 'matrix-js-sdk'
import { Failure } from '#lib/errors.ts'
import type { RegistrationLinks, RegistrationToken } from '../model/registration-links.ts'
import { guarded } from './failures.ts'

const PATH = '/_synapse/admin/v1/registration_tokens'

interface TokenJson {
  readonly token: string
  readonly uses_allowed?: number | null
  readonly completed?: number
  readonly expiry_time?: number | null
}

function isTokenJson(value: unknown): value is TokenJson {
  return typeof value === 'object' && value !== null && 'token' in value
}

function toToken(json: TokenJson): RegistrationToken {
  return {
    token: json.token,
    usesAllowed: json.uses_allowed ?? undefined,
    completed: json.completed ?? 0,
    expiresAt: json.expiry_time ?? undefined,
  }
}

/** Invitation links over the registration token API that server administrators have. */
export class MatrixRegistrationLinks implements RegistrationLinks {
  readonly #client: MatrixClient

  constructor(client: MatrixClient) {
    this.#client = client
  }

  async isAdministrator(): Promise<boolean> {
    try {
      await this.#request(Method.Get, PATH)
      return true
    } catch {
      return false
    }
  }

  async list(): Promise<readonly RegistrationToken[]> {
    const answer = await guarded(this.#request(Method.Get, PATH))
    const found: unknown =
      typeof answer === 'object' && answer !== null && 'registration_tokens' in answer
        ? answer.registration_tokens
        : []
    return Array.isArray(found) ? found.filter(isTokenJson).map(toToken) : []
  }

  async create(options: {
    readonly usesAllowed: number | undefined
    readonly expiresAt: number | undefined
  }): Promise<RegistrationToken> {
    const body = {
      uses_allowed: options.usesAllowed ?? null,
      expiry_time: options.expiresAt ?? null,
    }
    const answer = await guarded(this.#request(Method.Post, `${PATH}/new`, body))
    if (!isTokenJson(answer)) throw new Failure('unknown', 'The server answered without a token.')
    return toToken(answer)
  }

  async remove(token: string): Promise<void> {
    await guarded(this.#request(Method.Delete, `${PATH}/${encodeURIComponent(token)}`))
  }

  linkFor(token: string): string {
    return `${this.#client.getHomeserverUrl()}/#/register?token=${encodeURIComponent(token)}`
  }

  #request(method: Method, path: string, body?: object): Promise<unknown> {
    return this.#client.http.authedRequest<unknown>(
      method,
      path,
      undefined,
      body === undefined ? undefined : { ...body },
      { prefix: '' },
    )
  }
}
