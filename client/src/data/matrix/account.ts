import {
  IndexedDBStore,
  KnownMembership,
  type MatrixClient,
  MemoryStore,
  createClient,
} from 'matrix-js-sdk'
import { Disposables } from '#lib/disposables.ts'
import type { Platform } from '#platform/platform.ts'
import type { Account } from '../model/account.ts'
import type { Credentials } from '../model/auth.ts'
import type { Conversation } from '../model/conversation.ts'
import { MatrixConnection } from './connection.ts'
import { MatrixConversation } from './conversation.ts'
import { refetchMembersAfterGaps } from './fresh-members.ts'
import { MatrixProfile } from './profile.ts'
import { MatrixRegistrationLinks } from './registration-links.ts'
import { MatrixRoomList } from './room-list.ts'
import { quietLogger } from './quiet-logger.ts'
import { nameRoom } from './room-summary.ts'

const INITIAL_EVENTS = 20

/** The copy of the account on this device; without IndexedDB everything stays in memory. */
async function chooseStore(credentials: Credentials): Promise<MemoryStore> {
  const name = `hearth:${credentials.userId}:${credentials.deviceId}`
  try {
    await IndexedDBStore.exists(indexedDB, name)
    return new IndexedDBStore({ indexedDB, dbName: name, localStorage })
  } catch {
    // Private windows of some browsers refuse IndexedDB.
    return new MemoryStore({ localStorage })
  }
}

class MatrixAccount implements Account {
  readonly connection: MatrixConnection
  readonly profile: MatrixProfile
  readonly roomList: MatrixRoomList
  readonly registrationLinks: MatrixRegistrationLinks
  readonly #client: MatrixClient
  readonly #disposables = new Disposables()
  readonly #conversations = new Map<string, MatrixConversation>()

  constructor(client: MatrixClient, platform: Platform) {
    this.#client = client
    this.connection = new MatrixConnection(client)
    this.profile = new MatrixProfile(client)
    this.roomList = new MatrixRoomList(client)
    this.registrationLinks = new MatrixRegistrationLinks(client)
    this.#disposables.add(() => this.connection.dispose())
    this.#disposables.add(() => this.profile.dispose())
    this.#disposables.add(() => this.roomList.dispose())
    this.#disposables.add(refetchMembersAfterGaps(client))
    this.#disposables.add(platform.onOnline(() => this.connection.retryNow()))
  }

  conversation(roomId: string): Conversation | undefined {
    const room = this.#client.getRoom(roomId)
    if (room === null || room.getMyMembership() !== KnownMembership.Join) return undefined
    const known = this.#conversations.get(roomId)
    if (known !== undefined) return known
    const conversation = new MatrixConversation(this.#client, room)
    this.#conversations.set(roomId, conversation)
    return conversation
  }

  async start(): Promise<void> {
    void this.profile.refresh()
    await this.#client.startClient({
      initialSyncLimit: INITIAL_EVENTS,
      lazyLoadMembers: true,
      disablePresence: true,
    })
  }

  stop(): void {
    this.#disposables.dispose()
    for (const conversation of this.#conversations.values()) conversation.dispose()
    this.#conversations.clear()
    this.#client.stopClient()
  }

  async signOut(): Promise<void> {
    try {
      await this.#client.logout(true)
    } catch {
      // The session may be gone already, or the server out of reach; forget it here either way.
    }
    await this.forget()
  }

  async forget(): Promise<void> {
    this.stop()
    try {
      await this.#client.store.deleteAllData()
    } catch {
      // Nothing was stored.
    }
  }
}

/** Builds the account a session belongs to. Nothing is requested before `start`. */
export async function openAccount(credentials: Credentials, platform: Platform): Promise<Account> {
  const client = createClient({
    baseUrl: credentials.homeserverUrl,
    userId: credentials.userId,
    deviceId: credentials.deviceId,
    accessToken: credentials.accessToken,
    store: await chooseStore(credentials),
    timelineSupport: true,
    useAuthorizationHeader: true,
    disableVoip: true,
    roomNameGenerator: nameRoom,
    logger: quietLogger,
  })
  // Without calls nobody needs them, and servers that do not know of them answer with an error.
  client._unstable_getRTCTransports = () => Promise.resolve([])
  // The store makes its objects through the client, so it can only be read now.
  await client.store.startup()
  return new MatrixAccount(client, platform)
}
