import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, listAt, stringAt } from '../../target/json.ts'
import { inRoom, outcome, V3 } from '../../target/session.ts'
import { accountName, elsewhere } from '../../target/target.ts'
import { expectOk, passwordOf, type User } from '../../target/user.ts'
import { missingNio, type NioPerson } from './nio-person.ts'
import { bodyOf, NioSession } from './nio-session.ts'
import { untilNio } from './until-nio.ts'

const missing = missingNio()

describe.skipIf(missing !== undefined)(
  `people and rooms with matrix-nio${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    let session: NioSession
    let nio: NioPerson
    /** The same person, with the harness. */
    let nora: User
    let bob: User

    beforeAll(async () => {
      session = await NioSession.start()
      ;({ nio, user: nora } = await session.person('nora'))
      bob = await session.session.user('bob')
    })

    afterAll(async () => {
      await session?.[Symbol.asyncDispose]()
    })

    const whoami = (token: string) =>
      session.session.http.request('GET', `${V3}/account/whoami`, { token })

    test('a wrong password is refused; each sign-in is a device of its own', async () => {
      const stranger = session.program(nora.userId)
      const refused = await stranger.attempt('login', { password: 'wrong' })
      expect(refused).toMatchObject({ is: 'LoginError', status_code: 'M_FORBIDDEN' })
      const flows = await stranger.call('login_info')
      expect(listAt(flows, 'flows')).toContain('m.login.password')
      const login = await stranger.call('login', {
        password: passwordOf(accountName('nora')),
        device_name: 'Second',
      })
      const self = await nio.self()
      expect(stringAt(login, 'device_id')).not.toBe(at(self, 'device_id'))
      for (const one of [nio, stranger]) {
        expect(await one.call('whoami')).toMatchObject({ user_id: nora.userId })
      }

      // nio takes no device without a name, nor one that was never used
      const own = `${V3}/devices/${nora.deviceId}`
      expectOk(await nora.call('PUT', own, { display_name: 'Harness' }))
      const names = async () =>
        listAt(await nio.call('devices'), 'devices').map((device) => at(device, 'display_name'))
      expect(new Set(await names())).toEqual(new Set(['nio', 'Second', 'Harness']))
      await nio.call('update_device', {
        device_id: stringAt(login, 'device_id'),
        content: { display_name: 'Renamed' },
      })
      expect(await names()).toContain('Renamed')
      await stranger.call('logout')
      expect(await names()).not.toContain('Renamed')
      expect(outcome(await whoami(stringAt(login, 'access_token')))).toBe('401 M_UNKNOWN_TOKEN')
    })

    test('a login token, given out after the password, signs another program in', async () => {
      const path = '/_matrix/client/v1/login/get_token'
      const asked = await nio.http('POST', path, {})
      expect(at(asked, 'status')).toBe(401)
      const auth = {
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: nora.userId },
        password: passwordOf(accountName('nora')),
        session: stringAt(asked, 'body', 'session'),
      }
      const given = bodyOf(await nio.http('POST', path, { auth }))
      const other = session.program(nora.userId)
      const token = stringAt(given, 'login_token')
      expect(await other.call('login', { token })).toMatchObject({ user_id: nora.userId })
      const again = await session.program(nora.userId).attempt('login', { token })
      expect(again).toMatchObject({ is: 'LoginError', status_code: 'M_FORBIDDEN' })
      await other.call('logout')
    })

    test('invitations are seen, accepted and declined, on both sides', async () => {
      const made = await nio.call('room_create', { name: 'Study', preset: 'private_chat' })
      const roomId = stringAt(made, 'room_id')
      await nio.call('room_invite', { room_id: roomId, user_id: bob.userId })
      await bob.join(roomId)
      const path = inRoom(roomId, 'state', 'm.room.member', bob.userId)
      expect(expectOk(await bob.call('GET', path))).toMatchObject({ membership: 'join' })

      const accepted = await bob.createRoom({ name: 'Garden', invite: [nora.userId] })
      const declined = await bob.createRoom({ name: 'Cellar', invite: [nora.userId] })
      await untilNio(nio, 'both invitations', async () => {
        return listAt(await nio.self(), 'invited_rooms').length === 2
      })
      expect(await nio.room(accepted)).toMatchObject({ name: 'Garden', inviter: bob.userId })
      await nio.call('join', { room_id: accepted })
      await nio.call('room_leave', { room_id: declined })
      await nio.call('room_forget', { room_id: declined })
      const joined = listAt(await nio.call('joined_rooms'), 'rooms')
      expect(new Set(joined)).toEqual(new Set([roomId, accepted]))
      const left = inRoom(declined, 'state', 'm.room.member', nora.userId)
      expect(expectOk(await bob.call('GET', left))).toMatchObject({ membership: 'leave' })
    })

    test('who is kicked or banned is out, and who is banned comes back only when unbanned', async () => {
      const made = await nio.call('room_create', {
        visibility: 'public',
        preset: 'public_chat',
        alias: accountName('hall'),
        name: 'Hall',
      })
      const room_id = stringAt(made, 'room_id')
      const serverName = nora.userId.slice(nora.userId.indexOf(':') + 1)
      const alias = `#${accountName('hall')}:${serverName}`
      expect(await nio.call('room_resolve_alias', { room_alias: alias })).toMatchObject({ room_id })
      expect(await nio.call('room_get_visibility', { room_id })).toMatchObject({
        visibility: 'public',
      })
      const join = () => bob.call('POST', `${V3}/join/${encodeURIComponent(alias)}`, {})
      expectOk(await join())
      const whom = { room_id, user_id: bob.userId }
      const member = inRoom(room_id, 'state', 'm.room.member', bob.userId)
      const membership = async () => expectOk(await nora.call('GET', member))
      await nio.call('room_kick', { ...whom, reason: 'noise' })
      expect(await membership()).toEqual({ membership: 'leave', reason: 'noise' })
      expectOk(await join())
      await nio.call('room_ban', { ...whom, reason: 'more noise' })
      expect(await membership()).toEqual({ membership: 'ban', reason: 'more noise' })
      // of the error code the specification says only that it is meaningful
      const allowed = ['403 M_FORBIDDEN', ...elsewhere('403 M_BAD_STATE')]
      expect(allowed).toContain(outcome(await join()))
      await nio.call('room_unban', whom)
      expectOk(await join())
      await bob.sendText(room_id, 'I will be quiet')
      const intruding = session.program(bob.userId)
      await intruding.call('login', { password: passwordOf(accountName('bob')) })
      const kick = { room_id, user_id: nora.userId }
      expect(await intruding.attempt('room_kick', kick)).toMatchObject({
        is: 'RoomKickError',
        status_code: 'M_FORBIDDEN',
      })
    })

    test('the state of a room is set and read, and what is not there is told as missing', async () => {
      const room_id = stringAt(await nio.call('room_create', { room_version: '11' }), 'room_id')
      const event_type = 'org.example.shelf'
      const state = { room_id, event_type, state_key: 'left' }
      await nio.call('room_put_state', { ...state, content: { books: 3 } })
      expect(at(await nio.call('room_get_state_event', state), 'content')).toEqual({ books: 3 })
      expect(
        expectOk(await nora.call('GET', inRoom(room_id, 'state', event_type, 'left'))),
      ).toEqual({ books: 3 })
      const all = listAt(await nio.call('room_get_state', { room_id }), 'events')
      expect(all.map((event) => at(event, 'type'))).toContain(event_type)
      const none = await nio.attempt('room_get_state_event', { ...state, state_key: 'right' })
      expect(none).toMatchObject({ status_code: 'M_NOT_FOUND' })
    })

    test('nio moves a room to another version, step by step', async () => {
      const alias = accountName('attic')
      const made = await nio.call('room_create', { name: 'Attic', room_version: '10', alias })
      const old = stringAt(made, 'room_id')
      const moved = await nio.call('room_upgrade', { old_room_id: old, new_room_version: '11' })
      const replacement = stringAt(moved, 'room_id')
      const tombstone = inRoom(old, 'state', 'm.room.tombstone', '')
      expect(expectOk(await nora.call('GET', tombstone))).toMatchObject({
        replacement_room: replacement,
      })
      const create = inRoom(replacement, 'state', 'm.room.create', '')
      expect(expectOk(await nora.call('GET', create))).toMatchObject({
        room_version: '11',
        predecessor: { room_id: old },
      })
      const name = inRoom(replacement, 'state', 'm.room.name', '')
      expect(expectOk(await nora.call('GET', name))).toEqual({ name: 'Attic' })
    })

    test('name and picture of a profile are seen by others', async () => {
      await nio.call('set_displayname', { displayname: 'Nora N.' })
      await nio.call('set_avatar', { avatar_url: 'mxc://example.org/nora' })
      expect(expectOk(await bob.call('GET', `${V3}/profile/${nora.userId}`))).toMatchObject({
        displayname: 'Nora N.',
        avatar_url: 'mxc://example.org/nora',
      })
      expectOk(
        await bob.call('PUT', `${V3}/profile/${bob.userId}/displayname`, { displayname: 'Bob B.' }),
      )
      const user_id = bob.userId
      expect(await nio.call('get_profile', { user_id })).toMatchObject({ displayname: 'Bob B.' })
      expect(await nio.call('get_displayname', { user_id })).toMatchObject({
        displayname: 'Bob B.',
      })
    })

    test('presence is set and seen, in syncs too', async () => {
      const shared = stringAt(await nio.call('room_create', { invite: [bob.userId] }), 'room_id')
      await bob.join(shared)
      await nio.call('set_presence', { presence: 'unavailable', status_msg: 'At lunch' })
      const path = `${V3}/presence/${nora.userId}/status`
      expect(expectOk(await bob.call('GET', path))).toMatchObject({
        presence: 'unavailable',
        status_msg: 'At lunch',
      })
      const own = `${V3}/presence/${bob.userId}/status`
      expectOk(await bob.call('PUT', own, { presence: 'online', status_msg: 'Here' }))
      const seen = await nio.call('get_presence', { user_id: bob.userId })
      expect(seen).toMatchObject({ presence: 'online', status_msg: 'Here' })
      await untilNio(nio, 'what bob says', async () => {
        const known = at(await nio.room(shared), 'users', bob.userId)
        return at(known, 'status_msg') === 'Here'
      })
    })

    test('push rules are added, switched, changed and removed', async () => {
      const rule = { scope: 'global', kind: 'content', rule_id: 'cake' }
      await nio.call('set_pushrule', { ...rule, pattern: 'cake', actions: ['notify'] })
      const path = `${V3}/pushrules/global/content/cake`
      const read = async () => expectOk(await nora.call('GET', path))
      expect(await read()).toMatchObject({ pattern: 'cake', enabled: true, actions: ['notify'] })
      await nio.call('enable_pushrule', { ...rule, enable: false })
      expect(await read()).toMatchObject({ enabled: false })
      const actions = ['notify', { set_tweak: 'highlight', value: true }]
      await nio.call('set_pushrule_actions', { ...rule, actions })
      expect(await read()).toMatchObject({ actions })
      await nio.call('delete_pushrule', rule)
      expect(outcome(await nora.call('GET', path))).toBe('404 M_NOT_FOUND')
    })

    test('messages between devices go both ways', async () => {
      const device = stringAt(await nio.self(), 'device_id')
      const type = 'm.room_key_request'
      // nio shows only those that it knows
      const content = (by: string) => ({
        action: 'request_cancellation',
        request_id: `of ${by}`,
        requesting_device_id: by,
      })
      const path = `${V3}/sendToDevice/${type}/${bob.nextTxn()}`
      const messages = { [nora.userId]: { [device]: content(bob.deviceId) } }
      expectOk(await bob.call('PUT', path, { messages }))
      const heard = listAt(await nio.call('sync', { timeout: 10_000 }), 'to_device_events')
      expect(heard).toMatchObject([
        { is: 'RoomKeyRequestCancellation', sender: bob.userId, request_id: `of ${bob.deviceId}` },
      ])
      const message = { type, recipient: bob.userId, recipient_device: bob.deviceId }
      await nio.call('to_device', { message: { ...message, content: content(device) } })
      const events = listAt(await bob.sync({ timeout: '10000' }), 'to_device', 'events')
      expect(events).toEqual([{ type, sender: nora.userId, content: content(device) }])
    })

    test('who logs out is out at once, and everywhere when asked', async () => {
      const one = await session.person('oscar')
      const two = session.program(one.user.userId)
      await two.call('login', { password: passwordOf(accountName('oscar')) })
      await one.nio.call('logout')
      expect(at(await one.nio.self(), 'logged_in')).toBe(false)
      expect(await two.call('whoami')).toMatchObject({ user_id: one.user.userId })
      await two.call('logout', { all_devices: true })
      expect(outcome(await whoami(one.user.token))).toBe('401 M_UNKNOWN_TOKEN')
    })
  },
)
