import {
  ClientEvent,
  KnownMembership,
  type MatrixClient,
  Preset,
  RoomEvent,
  Visibility,
} from 'matrix-js-sdk'
import { Disposables, type Dispose } from '#lib/disposables.ts'
import { Emitter } from '#lib/emitter.ts'
import type { NewRoom, RoomList, RoomSummary } from '../model/rooms.ts'
import { coalesce } from './coalesce.ts'
import { guarded } from './failures.ts'
import { summarise } from './room-summary.ts'

const LISTED: readonly string[] = [KnownMembership.Join, KnownMembership.Invite]

/** The rooms an SDK client knows. */
export class MatrixRoomList implements RoomList {
  readonly #client: MatrixClient
  readonly #changed = new Emitter()
  readonly #disposables = new Disposables()
  #loaded = false

  constructor(client: MatrixClient) {
    this.#client = client
    const { request, cancel } = coalesce(() => this.#changed.emit())
    const onSync = (): void => {
      this.#loaded ||= client.isInitialSyncComplete()
      request()
    }
    client.on(ClientEvent.Sync, onSync)
    client.on(ClientEvent.Room, request)
    client.on(ClientEvent.DeleteRoom, request)
    client.on(RoomEvent.Name, request)
    client.on(RoomEvent.MyMembership, request)
    client.on(RoomEvent.Timeline, request)
    client.on(RoomEvent.Receipt, request)
    this.#disposables.add(cancel)
    this.#disposables.add(() => {
      client.off(ClientEvent.Sync, onSync)
      client.off(ClientEvent.Room, request)
      client.off(ClientEvent.DeleteRoom, request)
      client.off(RoomEvent.Name, request)
      client.off(RoomEvent.MyMembership, request)
      client.off(RoomEvent.Timeline, request)
      client.off(RoomEvent.Receipt, request)
    })
  }

  isLoaded(): boolean {
    return this.#loaded
  }

  rooms(): readonly RoomSummary[] {
    const userId = this.#client.getSafeUserId()
    return this.#client
      .getRooms()
      .filter((room) => LISTED.includes(room.getMyMembership()))
      .map((room) => summarise(room, userId))
  }

  onRoomsChanged(listener: () => void): Dispose {
    return this.#changed.subscribe(listener)
  }

  async create(room: NewRoom): Promise<string> {
    const isPublic = room.visibility === 'public'
    const request = this.#client.createRoom({
      name: room.name,
      preset: isPublic ? Preset.PublicChat : Preset.PrivateChat,
      visibility: isPublic ? Visibility.Public : Visibility.Private,
      invite: [...room.invite],
      ...(room.topic === '' ? {} : { topic: room.topic }),
    })
    const { room_id: roomId } = await guarded(request)
    return roomId
  }

  async acceptInvitation(roomId: string): Promise<void> {
    await guarded(this.#client.joinRoom(roomId))
  }

  async declineInvitation(roomId: string): Promise<void> {
    await guarded(this.#client.leave(roomId))
  }

  dispose(): void {
    this.#disposables.dispose()
  }
}
