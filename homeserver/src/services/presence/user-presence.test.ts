import { expect, test } from 'vitest'
import { asDeviceKey } from '#log/keys.ts'
import { parseUserId } from '#matrix/ids.ts'
import { ACTIVE_MS, CONNECTED_MS, IDLE_MS, UserPresence } from './user-presence.ts'

const NOW = 1_700_000_000_000
const PHONE = asDeviceKey(1)
const LAPTOP = asDeviceKey(2)

function user(states: Partial<Record<'phone' | 'laptop', 'online' | 'unavailable' | 'offline'>>) {
  const made = new UserPresence(parseUserId('@alice:test.example'))
  made.lastActive = NOW
  const until = NOW + 10 * IDLE_MS
  if (states.phone !== undefined) made.devices.set(PHONE, { state: states.phone, until })
  if (states.laptop !== undefined) made.devices.set(LAPTOP, { state: states.laptop, until })
  return made
}

test.each([
  [{}, 'offline'],
  [{ phone: 'online' }, 'online'],
  [{ phone: 'unavailable' }, 'unavailable'],
  [{ phone: 'offline' }, 'offline'],
  [{ phone: 'offline', laptop: 'online' }, 'online'],
  [{ phone: 'unavailable', laptop: 'online' }, 'online'],
  [{ phone: 'unavailable', laptop: 'offline' }, 'unavailable'],
] as const)('devices that say %j make a user %s', (states, presence) => {
  expect(user(states).evaluate(NOW)).toMatchObject({ presence })
})

test('a user is active for a minute, and idle after five', () => {
  const alice = user({ phone: 'online' })
  expect(alice.evaluate(NOW)).toMatchObject({ presence: 'online', currentlyActive: true })
  expect(alice.nextChange(NOW)).toBe(NOW + ACTIVE_MS)
  expect(alice.evaluate(NOW + ACTIVE_MS)).toMatchObject({
    presence: 'online',
    currentlyActive: false,
  })
  expect(alice.nextChange(NOW + ACTIVE_MS)).toBe(NOW + IDLE_MS)
  expect(alice.evaluate(NOW + IDLE_MS - 1)).toMatchObject({ presence: 'online' })
  expect(alice.evaluate(NOW + IDLE_MS)).toMatchObject({ presence: 'unavailable' })
})

test('whoever does something is online again, but not who hides', () => {
  const later = NOW + IDLE_MS
  for (const [state, presence] of [
    ['online', 'online'],
    ['unavailable', 'online'],
    ['offline', 'offline'],
  ] as const) {
    const alice = user({ phone: state })
    alice.act(later)
    expect(alice.evaluate(later).presence).toBe(presence)
    expect(alice.lastActive).toBe(later)
  }
})

test('a device that is no longer heard of is forgotten', () => {
  const alice = user({})
  alice.devices.set(PHONE, { state: 'online', until: NOW + CONNECTED_MS })
  expect(alice.nextChange(NOW)).toBe(NOW + CONNECTED_MS)
  expect(alice.stateOf(PHONE, NOW)).toBeDefined()
  expect(alice.stateOf(PHONE, NOW + CONNECTED_MS)).toBeUndefined()
  expect(alice.evaluate(NOW + CONNECTED_MS)).toMatchObject({ presence: 'offline' })
  expect(alice.nextChange(NOW + CONNECTED_MS)).toBeUndefined()
})
