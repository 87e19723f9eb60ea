import {
  ConditionKind,
  createClient,
  NotificationCountType,
  PushRuleActionName,
  PushRuleKind,
  SetPresence,
  type Room,
  TweakName,
  UserEvent,
} from 'matrix-js-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringAt } from '../../target/json.ts'
import { HttpClient } from '../../target/matrix-client.ts'
import { accountName, type TargetServer, targetServer } from '../../target/target.ts'
import { passwordOf, register } from '../../target/user.ts'
import { Device } from './device.ts'
import { SdkLogger } from './sdk-logger.ts'
import { until } from './until.ts'

describe('an account with the SDK', () => {
  let target: TargetServer
  let http: HttpClient
  let alice: Device
  let bob: Device
  let roomId: string
  let alicesRoom: Room

  beforeAll(async () => {
    target = await targetServer({ presence: { enabled: true } })
    http = new HttpClient(target.url)
    ;[alice, bob] = await Promise.all([
      Device.newcomer(target.url, http, 'alice', { disablePresence: false }),
      Device.newcomer(target.url, http, 'bob', { disablePresence: false }),
    ])
    const made = await alice.client.createRoom({ name: 'Office', invite: [bob.userId] })
    roomId = made.room_id
    await bob.roomAs(roomId, 'invite')
    await bob.client.joinRoom(roomId)
    alicesRoom = await alice.roomAs(roomId, 'join')
    await until('bob is in', () => alicesRoom.getMember(bob.userId)?.membership === 'join')
  })

  afterAll(async () => {
    for (const device of [alice, bob]) await device?.[Symbol.asyncDispose]()
    http?.close()
    await target?.[Symbol.asyncDispose]()
  })

  const highlights = () => alicesRoom.getUnreadNotificationCount(NotificationCountType.Highlight)
  const say = async (body: string): Promise<string> =>
    (await bob.client.sendTextMessage(roomId, body)).event_id
  const read = async (id: string) => {
    await alice.client.sendReadReceipt(await alice.event(roomId, id))
    await until('all is read', () => alicesRoom.getUnreadNotificationCount() === 0)
  }

  test('a rule for a word highlights, silent when it is switched off, gone when deleted', async () => {
    const kind = PushRuleKind.ContentSpecific
    const rule = () => alice.client.pushRules?.global.content?.find((one) => one.pattern === 'cake')
    const actions = [
      PushRuleActionName.Notify,
      { set_tweak: TweakName.Highlight, value: true } as const,
    ]
    await alice.client.addPushRule('global', kind, 'cake', { pattern: 'cake', actions })
    await until('the rule in a sync', rule)
    const first = await say('There is Cake!')
    await until('a highlight', () => highlights() === 1)
    const event = await alice.event(roomId, first)
    expect(alice.client.getPushActionsForEvent(event)?.tweaks.highlight).toBe(true)
    await read(first)

    await alice.client.setPushRuleEnabled('global', kind, 'cake', false)
    await until('it is off', () => rule()?.enabled === false)
    const second = await say('More cake')
    await until('unread', () => alicesRoom.getUnreadNotificationCount() === 1)
    expect(highlights()).toBe(0)
    await read(second)

    await alice.client.setPushRuleEnabled('global', kind, 'cake', true)
    await alice.client.setPushRuleActions('global', kind, 'cake', [PushRuleActionName.Notify])
    await until('the other actions', () => rule()?.actions.length === 1 && rule()?.enabled)
    const third = await say('cake again')
    await until('unread', () => alicesRoom.getUnreadNotificationCount() === 1)
    expect(highlights()).toBe(0)
    await read(third)
    await alice.client.deletePushRule('global', kind, 'cake')
    await until('it is gone', () => rule() === undefined)
  })

  test('a room can be silenced, and a rule by conditions comes before others', async () => {
    const override = PushRuleKind.Override
    await alice.client.addPushRule('global', override, 'silent', {
      conditions: [{ kind: ConditionKind.EventMatch, key: 'room_id', pattern: roomId }],
      actions: [],
    })
    await until('the rule', () =>
      alice.client.pushRules?.global.override?.some((rule) => rule.rule_id === 'silent'),
    )
    const id = await say('Nobody hears this')
    await alice.event(roomId, id)
    expect(alicesRoom.getUnreadNotificationCount()).toBe(0)
    // unread messages count by the rules of now, so this one is read before they change
    await read(id)
    await alice.client.deletePushRule('global', override, 'silent')
    const loud = await say('This is heard')
    await until('one unread', () => alicesRoom.getUnreadNotificationCount() === 1)
    await read(loud)
  })

  test('presence and its message are seen by those who share a room', async () => {
    const seen = await until('bob', () => alice.client.getUser(bob.userId))
    const heard: unknown[] = []
    seen.on(UserEvent.Presence, (_event, user) => heard.push(user.presence))
    // his syncs would say that he is online
    await bob.client.setSyncPresence(SetPresence.Unavailable)
    await bob.client.setPresence({ presence: 'unavailable', status_msg: 'At lunch' })
    await until('he is away', () => seen.presenceStatusMsg === 'At lunch')
    expect(seen.presence).toBe('unavailable')
    expect(await alice.client.getPresence(bob.userId)).toMatchObject({
      presence: 'unavailable',
      status_msg: 'At lunch',
    })
    await bob.client.setSyncPresence(SetPresence.Online)
    await bob.client.setPresence({ presence: 'online', status_msg: 'Back' })
    await until('he is back', () => seen.presence === 'online')
    expect(heard.at(-1)).toBe('online')
    const stranger = await register(http, 'stranger')
    const path = `/_matrix/client/v3/presence/${encodeURIComponent(bob.userId)}/status`
    expect((await stranger.call('GET', path)).status).toBe(403)
  })

  test('a profile takes fields of any name, and gives them to others', async () => {
    expect(await bob.client.doesServerSupportExtendedProfiles()).toBe(true)
    await bob.client.setDisplayName('Robert')
    await bob.client.setExtendedProfileProperty('m.tz', 'Europe/London')
    await bob.client.setExtendedProfileProperty('org.example.likes', ['tea', 'rain'])
    expect(await alice.client.getExtendedProfile(bob.userId)).toMatchObject({
      displayname: 'Robert',
      'm.tz': 'Europe/London',
      'org.example.likes': ['tea', 'rain'],
    })
    expect(await alice.client.getExtendedProfileProperty(bob.userId, 'm.tz')).toBe('Europe/London')
    await bob.client.deleteExtendedProfileProperty('m.tz')
    expect(await alice.client.getExtendedProfile(bob.userId)).not.toHaveProperty(['m.tz'])
  })

  test('who is ignored cannot invite, until they are forgiven', async () => {
    await alice.client.setIgnoredUsers([bob.userId])
    await until('the list', () => alice.client.getIgnoredUsers().includes(bob.userId))
    const invite = async () => (await bob.client.createRoom({ invite: [alice.userId] })).room_id
    const unheard = await invite()
    // what comes later is the proof that nothing was on its way any more
    await alice.event(roomId, (await alice.client.sendTextMessage(roomId, 'Quiet here')).event_id)
    expect(alice.client.getRoom(unheard)).toBeNull()
    await alice.client.setIgnoredUsers([])
    await until('the list', () => alice.client.getIgnoredUsers().length === 0)
    await alice.roomAs(await invite(), 'invite')
  })

  test('a refresh token gives new tokens, and the old one is worth nothing', async () => {
    const anonymous = createClient({ baseUrl: target.url, logger: new SdkLogger() })
    const login = await anonymous.loginRequest({
      type: 'm.login.password',
      identifier: { type: 'm.id.user', user: alice.userId },
      password: passwordOf(accountName('alice')),
      refresh_token: true,
    })
    expect(login.expires_in_ms).toBeGreaterThan(0)
    const first = login.refresh_token ?? ''
    const fresh = await anonymous.refreshToken(first)
    const client = createClient({
      baseUrl: target.url,
      userId: login.user_id,
      accessToken: fresh.access_token,
      logger: new SdkLogger(),
    })
    expect(await client.whoami()).toMatchObject({ device_id: login.device_id })
    const gone = { errcode: 'M_UNKNOWN_TOKEN', httpStatus: 401 }
    // now that the new pair has arrived; the old access token may live on for a while
    await expect(anonymous.refreshToken(first)).rejects.toMatchObject({ httpStatus: 401 })
    const again = await anonymous.refreshToken(fresh.refresh_token)
    client.setAccessToken(again.access_token)
    await client.logout()
    await expect(client.whoami()).rejects.toMatchObject(gone)
    await expect(anonymous.refreshToken(again.refresh_token)).rejects.toMatchObject(gone)
  })

  test('a new password ends the other devices, and the old one opens nothing', async () => {
    const user = await register(http, 'dora')
    const dora = await Device.signIn(target.url, 'dora')
    const identifier = { type: 'm.id.user', user: dora.userId }
    const password = passwordOf(accountName('dora'))
    await expect(dora.client.setPassword(undefined as never, 'a new one')).rejects.toMatchObject({
      httpStatus: 401,
    })
    const auth = { type: 'm.login.password', identifier, password }
    await dora.client.setPassword({ ...auth, session: sessionOf(dora) }, 'a new one')
    expect((await user.call('GET', '/_matrix/client/v3/account/whoami')).status).toBe(401)
    expect(await dora.client.whoami()).toMatchObject({ user_id: dora.userId })
    await expect(Device.signIn(target.url, 'dora')).rejects.toMatchObject({
      errcode: 'M_FORBIDDEN',
    })
  })

  test('a deactivated account is out of its rooms, and cannot be signed into or made again', async () => {
    const erin = await Device.newcomer(target.url, http, 'erin')
    await alice.client.invite(roomId, erin.userId)
    await erin.client.joinRoom(roomId)
    await until('erin', () => alicesRoom.getMember(erin.userId)?.membership === 'join')
    await expect(erin.client.deactivateAccount()).rejects.toMatchObject({ httpStatus: 401 })
    const identifier = { type: 'm.id.user', user: erin.userId }
    const password = passwordOf(accountName('erin'))
    const auth = { type: 'm.login.password', identifier, password, session: sessionOf(erin) }
    await erin.client.deactivateAccount(auth)
    await until('she is out', () => alicesRoom.getMember(erin.userId)?.membership === 'leave')
    await expect(erin.client.whoami()).rejects.toMatchObject({ errcode: 'M_UNKNOWN_TOKEN' })
    await expect(Device.signIn(target.url, 'erin')).rejects.toMatchObject({ httpStatus: 403 })
    await expect(register(http, 'erin')).rejects.toThrow('M_USER_IN_USE')
    await erin[Symbol.asyncDispose]()
  })
})

/** The session of user-interactive authentication that the last refusal has opened. */
function sessionOf(device: Device): string {
  return stringAt(device.refusals.at(-1), 'session')
}
