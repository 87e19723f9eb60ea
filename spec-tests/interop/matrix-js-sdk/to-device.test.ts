import { ClientEvent, type MatrixEvent } from 'matrix-js-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HttpClient } from '../../target/matrix-client.ts'
import { type TargetServer, targetServer } from '../../target/target.ts'
import { Device } from './device.ts'
import { until } from './until.ts'

const TYPE = 'org.example.ping'

/** Keeps what a device is told outside of rooms. */
function listen({ client }: Device): MatrixEvent[] {
  const heard: MatrixEvent[] = []
  client.on(ClientEvent.ToDeviceEvent, (event) => void heard.push(event))
  return heard
}

const ns = (events: readonly MatrixEvent[]): unknown[] =>
  events.map((event): unknown => event.getContent()['n'])

const content = (device: Device, deviceId: string, n: number) =>
  new Map([[device.userId, new Map([[deviceId, { n }]])]])

describe('messages between devices with the SDK', () => {
  let target: TargetServer
  let http: HttpClient
  let frank: Device
  let grace: Device
  let tablet: Device

  beforeAll(async () => {
    target = await targetServer()
    http = new HttpClient(target.url)
    frank = await Device.newcomer(target.url, http, 'frank')
    grace = await Device.newcomer(target.url, http, 'grace')
    tablet = await Device.signIn(target.url, 'grace')
    await tablet.start()
  })

  afterAll(async () => {
    for (const device of [frank, grace, tablet]) await device?.[Symbol.asyncDispose]()
    http?.close()
    await target?.[Symbol.asyncDispose]()
  })

  test('one device hears what is sent to it, the other does not', async () => {
    const [onPhone, onTablet] = [listen(grace), listen(tablet)]
    await frank.client.sendToDevice(TYPE, content(grace, grace.login.device_id, 1))
    await until('the message', () => onPhone.length > 0)
    expect(onPhone[0]?.getType()).toBe(TYPE)
    expect(onPhone[0]?.getSender()).toBe(frank.userId)
    await frank.client.sendToDevice(TYPE, content(grace, '*', 2))
    await until('the message to all', () => onPhone.length > 1 && onTablet.length > 0)
    expect(ns(onPhone)).toEqual([1, 2])
    expect(ns(onTablet)).toEqual([2])
  })

  test('a device that was closed hears on its return what it missed, once and in order', async () => {
    const before = listen(tablet)
    const closed = tablet
    tablet = tablet.reopen()
    const missed = Array.from({ length: 120 }, (_, n) => n)
    for (const n of missed) {
      await frank.client.sendToDevice(TYPE, content(closed, closed.login.device_id, n))
    }
    const heard = listen(tablet)
    await tablet.start()
    await until('all of them', () => heard.length >= missed.length)
    await frank.client.sendToDevice(TYPE, content(closed, closed.login.device_id, 999))
    await until('one more', () => ns(heard).includes(999))
    expect(ns(heard)).toEqual([...missed, 999])
    expect(before).toEqual([])
  })

  test('what is sent twice under one transaction is heard once', async () => {
    const heard = listen(grace)
    const message = content(grace, grace.login.device_id, 1)
    await frank.client.sendToDevice(TYPE, message, 'the same')
    await frank.client.sendToDevice(TYPE, message, 'the same')
    await frank.client.sendToDevice(TYPE, content(grace, grace.login.device_id, 2))
    await until('the last', () => ns(heard).includes(2))
    expect(ns(heard)).toEqual([1, 2])
  })
})
