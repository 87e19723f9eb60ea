import { hash } from 'node:crypto'
import type { DeviceKey, Log } from '#log/types.ts'
import { tooLarge } from '#matrix/errors.ts'
import type { DeviceId, UserId } from '#matrix/ids.ts'
import type { JsonObject } from '#matrix/json.ts'

/** Stands for all devices of a user. */
const EVERY_DEVICE = '*'
/**
 * Bytes of one message's content. The specification names no limit; other servers cannot be sent
 * more than this in one EDU.
 * https://github.com/matrix-org/matrix-spec-proposals/pull/4514
 */
const MAX_CONTENT_BYTES = 65_536
/**
 * Bytes that one request may store, over all devices that get a message. `*` copies a message to each
 * device, and all copies go to Postgres in one statement. A room key takes some 2 KiB for a device, so
 * this is one for over 10,000 of them; clients send fewer at a time.
 */
const MAX_STORED_BYTES = 32 * 1024 * 1024

export interface ToDeviceDeps {
  readonly log: Pick<Log, 'append'>
  readonly sessions: {
    /** Devices by user and device ID; users without account here are left out. */
    devicesOf(
      users: readonly UserId[],
    ): Promise<ReadonlyMap<UserId, ReadonlyMap<DeviceId, DeviceKey>>>
  }
}

/** One request: messages of one type, at most one for each device. */
export interface ToDeviceRequest {
  readonly sender: UserId
  /** The device that sends. */
  readonly device: DeviceKey
  readonly type: string
  /** Chosen by the client; the same again delivers nothing. */
  readonly txnId: string
  /** Contents by user, and by device or `*`. */
  readonly messages: ReadonlyMap<UserId, ReadonlyMap<string, JsonObject>>
}

/**
 * Messages from device to device, stored until their receivers have them.
 * https://spec.matrix.org/v1.19/client-server-api/#send-to-device-messaging
 */
export class ToDevice {
  readonly #deps: ToDeviceDeps

  constructor(deps: ToDeviceDeps) {
    this.#deps = deps
  }

  /**
   * Delivers to the inboxes of devices that exist; what is for others is dropped, as their absence
   * is nothing a sender could act on. That holds for users of other servers too while there is no
   * federation: to the sender they are users who never come online.
   * @throws {MatrixError} 413 `M_TOO_LARGE` when a content has more than 64 KiB, or the messages of
   * all devices together more than 32 MiB; then nothing is delivered
   */
  async send(request: ToDeviceRequest): Promise<void> {
    const { sender, device, type, txnId } = request
    const contents = serialized(request.messages)
    const known = await this.#deps.sessions.devicesOf([...contents.keys()])
    const messages = new Map<DeviceKey, string>()
    let bytes = 0
    for (const [user, byDevice] of contents) {
      for (const [deviceId, key] of known.get(user) ?? []) {
        const content = byDevice.get(deviceId) ?? byDevice.get(EVERY_DEVICE)
        if (content === undefined) continue
        const message = eventJson(sender, type, content)
        bytes += Buffer.byteLength(message)
        if (bytes > MAX_STORED_BYTES) {
          throw tooLarge(
            `One request may not store more than ${MAX_STORED_BYTES} bytes for devices.`,
          )
        }
        messages.set(key, message)
      }
    }
    // without receivers too: the request must stay a duplicate when they come to exist
    const txn = { device, key: fold(type, txnId), id: txnId }
    await this.#deps.log.append([{ kind: 'to_device', messages, txn }])
  }
}

/** Contents as JSON texts. */
function serialized(messages: ToDeviceRequest['messages']): Map<UserId, Map<string, string>> {
  const texts = new Map<UserId, Map<string, string>>()
  for (const [user, byDevice] of messages) {
    const ofUser = new Map<string, string>()
    for (const [deviceId, content] of byDevice) {
      const text = JSON.stringify(content)
      if (Buffer.byteLength(text) > MAX_CONTENT_BYTES) {
        throw tooLarge(`A message to a device may not have more than ${MAX_CONTENT_BYTES} bytes.`)
      }
      ofUser.set(deviceId, text)
    }
    texts.set(user, ofUser)
  }
  return texts
}

const eventJson = (sender: UserId, type: string, content: string): string =>
  `{"content":${content},"sender":${JSON.stringify(sender)},"type":${JSON.stringify(type)}}`

/** The endpoint with its type and the transaction ID. Keys of events begin with a room, not with a word. */
const fold = (type: string, txnId: string): string =>
  hash('sha256', `sendToDevice\0${type}\0${txnId}`, 'base64url')

export const createToDevice = (deps: ToDeviceDeps): ToDevice => new ToDevice(deps)
