import { EventType } from 'matrix-js-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../target/json.ts'
import { HttpClient } from '../../target/matrix-client.ts'
import { hearthOnly, isForeign, type TargetServer, targetServer } from '../../target/target.ts'
import { Device } from './device.ts'
import { register } from '../../target/user.ts'
import { until } from './until.ts'

const TITLE = `encryption, which is not built, fails honestly with the SDK${hearthOnly('it may have it')}`

describe.skipIf(isForeign)(TITLE, () => {
  let target: TargetServer
  let http: HttpClient
  let alice: Device

  beforeAll(async () => {
    target = await targetServer()
    http = new HttpClient(target.url)
    await register(http, 'alice')
    alice = await Device.signIn(target.url, 'alice')
    await alice.client.initRustCrypto({ useIndexedDB: false })
  })

  afterAll(async () => {
    await alice?.[Symbol.asyncDispose]()
    http?.close()
    await target?.[Symbol.asyncDispose]()
  })

  test('the upload of keys is refused, and tried again instead of believed', async () => {
    const uploads = () => alice.refusals.filter(({ path }) => path.endsWith('/keys/upload'))
    await alice.start()
    await until('a refused upload', () => uploads().length > 0)
    expect(uploads()[0]).toEqual({
      method: 'POST',
      path: '/_matrix/client/v3/keys/upload',
      status: 404,
      errcode: 'M_UNRECOGNIZED',
    })
    const before = uploads().length
    await alice.client.createRoom({})
    await until('another upload after the next sync', () => uploads().length > before)
  })

  test('cross-signing keys and backups cannot be set up', async () => {
    const crypto = alice.client.getCrypto()
    await expect(
      crypto?.bootstrapCrossSigning({ setupNewCrossSigning: true }),
    ).rejects.toMatchObject({ errcode: 'M_UNRECOGNIZED', httpStatus: 404 })
    await expect(crypto?.resetKeyBackup()).rejects.toMatchObject({ errcode: 'M_UNRECOGNIZED' })
    await expect(crypto?.userHasCrossSigningKeys(alice.userId, true)).rejects.toMatchObject({
      errcode: 'M_UNRECOGNIZED',
    })
  })

  // the SDK seals for itself alone when it can ask for nobody's keys, and no server can prevent that
  test('a message to an encrypted room never leaves the SDK unsealed, and its keys go nowhere', async () => {
    const { room_id: id } = await alice.client.createRoom({
      initial_state: [
        {
          type: EventType.RoomEncryption,
          state_key: '',
          content: { algorithm: 'm.megolm.v1.aes-sha2' },
        },
      ],
    })
    const room = await alice.roomAs(id, 'join')
    await until('the room is encrypted', () => room.hasEncryptionStateEvent())
    const { event_id: eventId } = await alice.client.sendTextMessage(id, 'secret')
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(id)}/event/${eventId}`
    const answer = await http.request('GET', path, { token: alice.login.access_token })
    expect(at(answer.body, 'type')).toBe('m.room.encrypted')
    expect(answer.text).not.toContain('secret')
    expect(alice.refusals).toContainEqual({
      method: 'POST',
      path: '/_matrix/client/v3/keys/query',
      status: 404,
      errcode: 'M_UNRECOGNIZED',
    })
    expect(alice.refusals.filter(({ errcode }) => errcode !== 'M_UNRECOGNIZED')).toEqual([])
  })

  test.each([
    ['POST', '/_matrix/client/v3/keys/upload'],
    ['POST', '/_matrix/client/v3/keys/query'],
    ['POST', '/_matrix/client/v3/keys/claim'],
    ['POST', '/_matrix/client/unstable/keys/device_signing/upload'],
    ['GET', '/_matrix/client/v3/room_keys/version'],
    ['GET', '/_matrix/client/unstable/org.matrix.msc3814.v1/dehydrated_device'],
  ])('%s %s has no route', async (method, path) => {
    const token = alice.login.access_token
    const answer = await http.request(method, path, {
      token,
      ...(method !== 'GET' && { body: {} }),
    })
    expect([answer.status, at(answer.body, 'errcode')]).toEqual([404, 'M_UNRECOGNIZED'])
  })
})
