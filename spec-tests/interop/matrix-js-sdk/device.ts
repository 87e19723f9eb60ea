import {
  ClientEvent,
  createClient,
  type IStartClientOpts,
  type LoginResponse,
  type MatrixClient,
  type MatrixEvent,
  type Room,
  type SyncState,
} from 'matrix-js-sdk'
import { at } from '../../target/json.ts'
import { passwordOf, register } from '../../target/user.ts'
import type { HttpClient } from '../../target/matrix-client.ts'
import { accountName } from '../../target/target.ts'
import { KeepingStore, KeptSync } from './keeping-store.ts'
import { SdkLogger } from './sdk-logger.ts'
import { until } from './until.ts'

/** An answer of the server that is no success. */
export interface Refusal {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly errcode: unknown
  /** Of user-interactive authentication, when that was asked for. */
  readonly session: unknown
}

/** One signed-in device: the SDK's client, its logger, and what it keeps on disk. */
export class Device implements AsyncDisposable {
  readonly client: MatrixClient
  readonly login: LoginResponse
  readonly logger = new SdkLogger()
  /** What the server refused, in order. */
  readonly refusals: Refusal[] = []
  readonly #url: string
  readonly #kept: KeptSync
  #isClosed = false

  private constructor(url: string, login: LoginResponse, kept: KeptSync) {
    this.#url = url
    this.login = login
    this.#kept = kept
    this.client = createClient({
      baseUrl: url,
      userId: login.user_id,
      deviceId: login.device_id,
      accessToken: login.access_token,
      store: new KeepingStore(kept),
      logger: this.logger,
      fetchFn: (input, init) => this.#fetch(input, init),
      timelineSupport: true,
      disableVoip: true,
    })
  }

  /** Signs in by password; makes a new device. The client is not started yet. */
  static async signIn(url: string, name: string): Promise<Device> {
    const username = accountName(name)
    const anonymous = createClient({ baseUrl: url, logger: new SdkLogger() })
    const login = await anonymous.loginRequest({
      type: 'm.login.password',
      identifier: { type: 'm.id.user', user: username },
      password: passwordOf(username),
      initial_device_display_name: 'SDK',
    })
    return new Device(url, login, new KeptSync())
  }

  /** Registers, signs in and starts. */
  static async newcomer(
    url: string,
    http: HttpClient,
    username: string,
    options: IStartClientOpts = {},
  ): Promise<Device> {
    await register(http, username)
    const device = await Device.signIn(url, username)
    await device.start(options)
    return device
  }

  /** The same device after its program was closed and opened again. */
  reopen(): Device {
    this.#close()
    return new Device(this.#url, this.login, this.#kept)
  }

  get userId(): string {
    return this.login.user_id
  }

  /** Starts as a chat client does, and waits for the first answer of `/sync`. */
  async start(options: IStartClientOpts = {}): Promise<void> {
    const prepared = this.nextSync('PREPARED')
    await this.client.startClient({
      lazyLoadMembers: true,
      initialSyncLimit: 20,
      disablePresence: true,
      ...options,
    })
    await prepared
  }

  /** Resolves when the SDK's sync loop reaches a state. */
  nextSync(wanted: `${SyncState}`): Promise<void> {
    return new Promise((done) => {
      const listener = (state: SyncState): void => {
        if (state !== wanted) return
        this.client.off(ClientEvent.Sync, listener)
        done()
      }
      this.client.on(ClientEvent.Sync, listener)
    })
  }

  /** A room that this device knows, once it does. */
  room(roomId: string): Promise<Room> {
    return until(`room ${roomId} for ${this.userId}`, () => this.client.getRoom(roomId))
  }

  /** A room, once this user's membership is the one named. */
  async roomAs(roomId: string, membership: string): Promise<Room> {
    const room = await this.room(roomId)
    return until(`${membership} in ${roomId}`, () => room.getMyMembership() === membership && room)
  }

  /** An event that sync has brought, by id. */
  async event(roomId: string, eventId: string): Promise<MatrixEvent> {
    const room = await this.room(roomId)
    return until(`event ${eventId} for ${this.userId}`, () =>
      room
        .getLiveTimeline()
        .getEvents()
        .find((event) => event.getId() === eventId),
    )
  }

  async #fetch(input: URL | RequestInfo, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init)
    const response = await fetch(request).catch(async (error: unknown) => {
      // what the SDK still asked in the background ends with the program, unseen
      if (this.#isClosed) await new Promise<never>(() => undefined)
      throw error
    })
    if (!response.ok) {
      const body: unknown = await response.clone().json()
      this.refusals.push({
        method: request.method,
        path: new URL(request.url).pathname,
        status: response.status,
        errcode: at(body, 'errcode'),
        session: at(body, 'session'),
      })
    }
    return response
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#close()
    return Promise.resolve()
  }

  #close(): void {
    this.#isClosed = true
    this.client.stopClient()
  }
}

/** The bodies of the messages in a room's live timeline, in their order. */
export function bodies(room: Room): unknown[] {
  return room
    .getLiveTimeline()
    .getEvents()
    .filter((event) => event.getType() === 'm.room.message')
    .map((event): unknown => event.getContent()['body'])
}
