import { type AuthDict, MatrixError, createClient } from 'matrix-js-sdk'
import { Failure } from '#lib/errors.ts'
import type { Credentials, RegistrationMode } from '../model/auth.ts'
import { guarded, toFailure } from './failures.ts'
import { quietLogger } from './quiet-logger.ts'

// https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
const DUMMY = 'm.login.dummy'
const TOKEN = 'm.login.registration_token'
const MAX_STEPS = 6

interface Challenge {
  readonly session: string | undefined
  readonly flows: readonly (readonly string[])[]
  readonly completed: readonly string[]
  readonly errcode: string | undefined
  readonly detail: string
}

/** Reads a 401 answer that asks for further steps; undefined for any other error. */
function readChallenge(error: unknown): Challenge | undefined {
  if (!(error instanceof MatrixError) || error.httpStatus !== 401) return undefined
  const flows: unknown = error.data['flows']
  if (!Array.isArray(flows)) return undefined
  const strings = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
  const session: unknown = error.data['session']
  return {
    session: typeof session === 'string' ? session : undefined,
    flows: flows.map((flow: { readonly stages?: unknown }) => strings(flow.stages)),
    completed: strings(error.data['completed']),
    errcode: error.data.errcode,
    detail: typeof error.data.error === 'string' ? error.data.error : '',
  }
}

const passable = (stages: readonly string[], withToken: boolean): boolean =>
  stages.every((stage) => stage === DUMMY || (withToken && stage === TOKEN))

/** Which kind of registration a server's flows allow. */
export function modeOfFlows(flows: readonly (readonly string[])[]): RegistrationMode {
  if (flows.some((stages) => passable(stages, false))) return 'open'
  if (flows.some((stages) => passable(stages, true))) return 'token'
  return 'unsupported'
}

/**
 * Asks the server how an account can be made, by starting a registration that names nothing.
 *
 * @throws Failure when the server cannot be reached
 */
export async function registrationMode(baseUrl: string): Promise<RegistrationMode> {
  try {
    await createClient({ baseUrl, logger: quietLogger }).registerRequest({ inhibit_login: true })
    return 'unsupported'
  } catch (error) {
    const challenge = readChallenge(error)
    if (challenge !== undefined) return modeOfFlows(challenge.flows)
    if (error instanceof MatrixError && (error.httpStatus === 403 || error.httpStatus === 404)) {
      return 'closed'
    }
    throw toFailure(error)
  }
}

function nextStage(challenge: Challenge, token: string | undefined): string {
  const flow = challenge.flows
    .filter((stages) => passable(stages, token !== undefined))
    .toSorted((a, b) => Number(b.includes(TOKEN)) - Number(a.includes(TOKEN)))[0]
  const stage = flow?.find((name) => !challenge.completed.includes(name))
  if (stage !== undefined) return stage
  const needsToken = challenge.flows.some((stages) => passable(stages, true))
  throw new Failure(needsToken ? 'token-invalid' : 'registration-unsupported')
}

function rejected(challenge: Challenge, stage: string | undefined): Failure | undefined {
  if (stage === undefined || challenge.completed.includes(stage)) return undefined
  if (stage === TOKEN) return new Failure('token-invalid', challenge.detail)
  return challenge.errcode === undefined ? undefined : new Failure('unknown', challenge.detail)
}

function authFor(stage: string, session: string | undefined, token: string | undefined): AuthDict {
  const base = { type: stage, ...(session === undefined ? {} : { session }) }
  return stage === TOKEN && token !== undefined ? { ...base, token } : base
}

/**
 * Creates an account, going through the dummy and registration token stages as the server asks.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3register
 *
 * @throws Failure
 */
export async function register(
  baseUrl: string,
  account: {
    readonly username: string
    readonly password: string
    readonly token: string | undefined
    readonly deviceName: string
  },
): Promise<Credentials> {
  const client = createClient({ baseUrl, logger: quietLogger })
  let auth: AuthDict | undefined
  let stage: string | undefined
  for (let step = 0; step < MAX_STEPS; step += 1) {
    try {
      const done = await client.registerRequest({
        username: account.username,
        password: account.password,
        initial_device_display_name: account.deviceName,
        ...(auth === undefined ? {} : { auth }),
      })
      return readCredentials(baseUrl, done)
    } catch (error) {
      const challenge = readChallenge(error)
      if (challenge === undefined) throw registrationFailure(error)
      const refusal = rejected(challenge, stage)
      if (refusal !== undefined) throw refusal
      stage = nextStage(challenge, account.token)
      auth = authFor(stage, challenge.session, account.token)
    }
  }
  throw new Failure('registration-unsupported')
}

function registrationFailure(error: unknown): Failure {
  const failure = toFailure(error)
  const closed = failure.code === 'forbidden'
  return closed ? new Failure('registration-closed', failure.detail) : failure
}

/** Reads the answer of a login or registration. */
function readCredentials(
  baseUrl: string,
  answer: { user_id: string; access_token?: string; device_id?: string },
): Credentials {
  const { access_token: accessToken, device_id: deviceId } = answer
  if (accessToken === undefined || deviceId === undefined) {
    throw new Failure('unknown', 'The server answered without a session.')
  }
  return { homeserverUrl: baseUrl, userId: answer.user_id, deviceId, accessToken }
}

/**
 * Signs in with a password.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3login
 *
 * @throws Failure; `wrong-credentials` when the server refused them
 */
export async function signIn(
  baseUrl: string,
  login: { readonly username: string; readonly password: string; readonly deviceName: string },
): Promise<Credentials> {
  try {
    const request = createClient({ baseUrl, logger: quietLogger }).loginRequest({
      type: 'm.login.password',
      identifier: { type: 'm.id.user', user: login.username },
      password: login.password,
      initial_device_display_name: login.deviceName,
    })
    return readCredentials(baseUrl, await guarded(request))
  } catch (error) {
    const failure = toFailure(error)
    throw failure.code === 'forbidden' ? new Failure('wrong-credentials', failure.detail) : failure
  }
}
