import { describe, expect, test } from 'vitest'
import type { Observation } from './observations.ts'
import { Recorder } from './recorder.ts'
import { missingSpecification } from './specification.ts'

const missing = missingSpecification()
const origin = 'http://localhost:1'
const V3 = '/_matrix/client/v3'

/** A recorder whose observations are `operation kind`. */
function recorder() {
  const seen: Observation[] = []
  const subject = new Recorder((observation) => seen.push(observation))
  const answer = (method: string, path: string, status: number, body: unknown, from = origin) =>
    subject.add({ method, origin: from, path, status, text: JSON.stringify(body) })
  return { subject, answer, kinds: () => seen.map(({ operation, kind }) => `${operation} ${kind}`) }
}

const whoami = { user_id: '@alice:localhost', is_guest: false }

describe.skipIf(missing !== undefined)(
  `the recorder of answers${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    test('counts a success only in a test, and only after a write to the same server', () => {
      const { subject, answer, kinds } = recorder()
      answer('POST', `${V3}/createRoom`, 200, { room_id: '!r' }, 'http://localhost:2')
      subject.during('a test')
      answer('GET', `${V3}/account/whoami`, 200, whoami)
      answer('POST', `${V3}/createRoom`, 200, { room_id: '!r' })
      answer('GET', `${V3}/account/whoami`, 200, whoami)
      subject.during('')
      answer('GET', `${V3}/account/whoami`, 200, whoami)
      expect(kinds()).toEqual([
        'createRoom other',
        'getTokenOwner other',
        'createRoom other',
        'getTokenOwner success',
        'getTokenOwner other',
      ])
    })

    test('counts a refusal with a code that the operation may give, and no other', () => {
      const { subject, answer, kinds } = recorder()
      subject.during('a test')
      answer('GET', `${V3}/account/whoami`, 401, { errcode: 'M_USER_LOCKED' })
      answer('GET', `${V3}/account/whoami`, 404, { errcode: 'M_UNRECOGNIZED' })
      answer('GET', `${V3}/account/whoami`, 400, { errcode: 'M_USER_IN_USE' })
      answer('GET', `${V3}/account/whoami`, 500, { errcode: 'M_FORBIDDEN' })
      answer('GET', `${V3}/register/available`, 400, { errcode: 'M_USER_IN_USE' })
      expect(kinds()).toEqual([
        'getTokenOwner denial',
        'getTokenOwner other',
        'getTokenOwner other',
        'getTokenOwner other',
        'checkUsernameAvailability denial',
      ])
    })

    test('counts a refusal of the token only where nothing else can be refused', () => {
      const { subject, answer, kinds } = recorder()
      subject.during('a test')
      for (const errcode of ['M_MISSING_TOKEN', 'M_UNKNOWN_TOKEN']) {
        answer('GET', `${V3}/joined_rooms`, 401, { errcode })
        answer('GET', `${V3}/rooms/!r/members`, 401, { errcode })
        answer('GET', `${V3}/sync`, 401, { errcode })
        answer('PUT', `${V3}/pushrules/global/override/x/enabled`, 401, { errcode })
        answer('GET', `${V3}/account/whoami`, 401, { errcode })
        answer('POST', `${V3}/refresh`, 401, { errcode })
      }
      expect(kinds().filter((line) => line.endsWith('denial'))).toEqual([
        'getJoinedRooms denial',
        'getJoinedRooms denial',
        // this one is about a token in the request
        'refresh denial',
      ])
    })

    test('tells what is wrong with an answer, once', () => {
      const { subject, answer, kinds } = recorder()
      answer('GET', `${V3}/account/whoami`, 200, { user_id: 5 })
      expect(kinds()).toEqual(['getTokenOwner invalid'])
      expect(subject.takeFaults()).toEqual([
        `getTokenOwner: 200 to GET ${V3}/account/whoami: /user_id must be string`,
      ])
      expect(subject.takeFaults()).toEqual([])
    })

    test('knows operations by old prefixes, the empty state key, and literal segments', () => {
      const { answer, kinds } = recorder()
      answer('GET', '/_matrix/client/r0/account/whoami', 200, whoami)
      answer('GET', `${V3}/rooms/!r/state/m.room.name`, 200, {})
      answer('GET', `${V3}/rooms/!r/state/m.room.name/?format=content`, 200, {})
      answer('GET', `${V3}/rooms/%21r%3Ax/state/a%2Fb/k`, 200, {})
      answer('GET', `${V3}/profile/@a:x/displayname`, 200, { displayname: 'A' })
      answer('GET', `${V3}/pushrules/global/`, 200, {})
      expect(kinds().map((line) => line.split(' ')[0])).toEqual([
        'getTokenOwner',
        'getRoomStateWithKey',
        'getRoomStateWithKey',
        'getRoomStateWithKey',
        'getProfileField',
        'getPushRulesGlobal',
      ])
    })

    test('knows which form of state the request had asked for', () => {
      const { subject, answer } = recorder()
      const state = `${V3}/rooms/!r/state/m.room.member/@a:x`
      const event = {
        type: 'm.room.member',
        state_key: '@a:x',
        sender: '@a:x',
        content: { membership: 'join' },
        event_id: '$e',
        room_id: '!r:x',
        origin_server_ts: 1,
      }
      answer('GET', `${state}?format=event`, 200, event)
      answer('GET', state, 200, event.content)
      expect(subject.takeFaults()).toEqual([])
      answer('GET', `${state}?format=event`, 200, event.content)
      expect(subject.takeFaults()).toHaveLength(1)
    })

    test('does not judge events in the form in which servers sign them', () => {
      const { subject, answer } = recorder()
      const events = [{ type: 'm.room.name' }]
      const body = { next_batch: 's', rooms: { join: { '!r': { timeline: { events } } } } }
      const ask = (format: string) => {
        const filter = encodeURIComponent(JSON.stringify({ event_format: format }))
        answer('GET', `${V3}/sync?filter=${filter}`, 200, body)
      }
      ask('federation')
      expect(subject.takeFaults()).toEqual([])
      ask('client')
      expect(subject.takeFaults()).toHaveLength(1)
    })

    test('tells operations apart that share a route', () => {
      const { subject, answer, kinds } = recorder()
      answer('POST', `${V3}/rooms/!r/invite`, 200, {})
      const text = '{}'
      const requestBody = JSON.stringify({ medium: 'email' })
      subject.add({
        method: 'POST',
        origin,
        path: `${V3}/rooms/!r/invite`,
        requestBody,
        status: 200,
        text,
      })
      answer('GET', `${V3}/events?room_id=!r`, 403, { errcode: 'M_FORBIDDEN' })
      expect(kinds().map((line) => line.split(' ')[0])).toEqual([
        'inviteUser',
        'inviteBy3PID',
        'peekEvents',
      ])
    })

    test('passes over what is no operation', () => {
      const { answer, kinds } = recorder()
      answer('GET', '/_matrix/client/v3/no/such', 404, { errcode: 'M_UNRECOGNIZED' })
      answer('GET', '/index.html', 200, 'text')
      answer('OPTIONS', `${V3}/account/whoami`, 204, null)
      expect(kinds()).toEqual([])
    })
  },
)
