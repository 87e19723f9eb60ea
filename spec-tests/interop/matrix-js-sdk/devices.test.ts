import { createClient, HttpApiEvent } from 'matrix-js-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HttpClient } from '../../target/matrix-client.ts'
import { type TargetServer, targetServer } from '../../target/target.ts'
import { register, type User } from '../../target/user.ts'
import { bodies, Device } from './device.ts'
import { SdkLogger } from './sdk-logger.ts'
import { until } from './until.ts'

describe('several devices with the SDK', () => {
  let target: TargetServer
  let http: HttpClient
  let dave: User
  let laptop: Device
  let phone: Device
  let roomId: string

  beforeAll(async () => {
    target = await targetServer()
    http = new HttpClient(target.url)
    dave = await register(http, 'dave')
    laptop = await Device.signIn(target.url, 'dave')
    phone = await Device.signIn(target.url, 'dave')
    await Promise.all([laptop.start(), phone.start()])
    ;({ room_id: roomId } = await laptop.client.createRoom({ name: 'Notes' }))
    await phone.roomAs(roomId, 'join')
  })

  afterAll(async () => {
    await laptop?.[Symbol.asyncDispose]()
    await phone?.[Symbol.asyncDispose]()
    http?.close()
    await target?.[Symbol.asyncDispose]()
  })

  test('a wrong password is refused with M_FORBIDDEN', async () => {
    const anonymous = createClient({ baseUrl: target.url, logger: new SdkLogger() })
    expect((await anonymous.loginFlows()).flows.map(({ type }) => type)).toContain(
      'm.login.password',
    )
    await expect(
      anonymous.loginRequest({
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: dave.userId },
        password: 'wrong',
      }),
    ).rejects.toMatchObject({ errcode: 'M_FORBIDDEN', httpStatus: 403 })
  })

  test('each sign-in is a device of its own and says who it is', async () => {
    expect(phone.login.device_id).not.toBe(laptop.login.device_id)
    expect(await phone.client.whoami()).toMatchObject({
      user_id: laptop.userId,
      device_id: phone.login.device_id,
    })
  })

  test('what one device sends, the other receives without the transaction id', async () => {
    const { event_id: id } = await laptop.client.sendTextMessage(roomId, 'from the laptop')
    const onPhone = await phone.event(roomId, id)
    expect(onPhone.getUnsigned().transaction_id).toBeUndefined()
    const own = await laptop.event(roomId, id)
    await until('its own id', () => own.getUnsigned().transaction_id)
    const room = await phone.room(roomId)
    expect(bodies(room)).toEqual(['from the laptop'])
    expect(room.getUnreadNotificationCount()).toBe(0)
  })

  test('a receipt of one device clears the count on the other', async () => {
    const erin = await register(http, 'erin')
    await laptop.client.invite(roomId, erin.userId)
    await erin.join(roomId)
    const id = await erin.sendText(roomId, 'hello')
    const event = await laptop.event(roomId, id)
    const onPhone = await phone.room(roomId)
    await until('unread on the phone', () => onPhone.getUnreadNotificationCount() > 0)
    await laptop.client.sendReadReceipt(event)
    await until('read on the phone', () => onPhone.getUnreadNotificationCount() === 0)
  })

  test('logging out ends one device; its long poll learns it, the other goes on', async () => {
    const token = phone.login.access_token
    let isOut = false
    phone.client.on(HttpApiEvent.SessionLoggedOut, () => (isOut = true))
    const other = await http.request('POST', '/_matrix/client/v3/logout', { token })
    expect(other.status).toBe(200)
    await until('the sync loop learns it, though nothing is new', () => isOut)
    await expect(phone.client.whoami()).rejects.toMatchObject({
      errcode: 'M_UNKNOWN_TOKEN',
      httpStatus: 401,
    })
    const { event_id: id } = await laptop.client.sendTextMessage(roomId, 'still here')
    await laptop.event(roomId, id)
  })

  test('logging out everywhere ends the other devices too', async () => {
    let isOut = false
    laptop.client.on(HttpApiEvent.SessionLoggedOut, () => (isOut = true))
    const answer = await dave.call('POST', '/_matrix/client/v3/logout/all', {})
    expect(answer.status).toBe(200)
    await until('the sync loop learns it', () => isOut)
  })
})
