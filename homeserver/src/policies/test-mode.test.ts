import { describe, expect, test } from 'vitest'
import { configExample } from '#config/write-example.ts'
import { parseConfig } from '#config/load.ts'
import { choosePolicies, STRICT } from './policies.ts'
import { cheapPasswordHasher } from './password-hasher.ts'
import { NO_RATE_LIMITS } from './rate-limiter.ts'
import { TestModeRefused } from './test-mode.ts'

const everything = `
  open_dummy_registration: true
  weak_shared_secret: complement
  no_rate_limits: true
  cheap_password_hash: true
  allow_private_addresses: true
`

const config = (name: string, block: string | undefined, rest = '') =>
  parseConfig(
    `server_name: "${name}"\n${rest}\n${block === undefined ? '' : `unsafe_test_mode:\n  ${block}`}`,
  )

const confirmed = (name: string) => `confirm: "unsafe ${name}"${everything}`
const env = (name: string, more = {}) => ({ HEARTH_UNSAFE_TEST_MODE: name, ...more })

describe('test mode is refused', () => {
  test.each([
    ['without the environment variable', config('hs1', confirmed('hs1')), {}, /is not set/],
    ['without the block', config('hs1', undefined), env('hs1'), /has no unsafe_test_mode/],
    [
      'when the variable names another server',
      config('hs1', confirmed('hs1')),
      env('hs2'),
      /"hs2"/,
    ],
    ['when the variable is empty', config('hs1', confirmed('hs1')), env(''), /names ""/],
    [
      'when confirm names another',
      config('hs1', confirmed('hs2')),
      env('hs1'),
      /exactly "unsafe hs1"/,
    ],
    [
      'in production',
      config('hs1', confirmed('hs1')),
      env('hs1', { NODE_ENV: 'production' }),
      /NODE_ENV/,
    ],
    [
      'on every interface',
      config('hs1', confirmed('hs1'), 'http: { host: 0.0.0.0 }'),
      env('hs1'),
      /loopback only/,
    ],
  ])('%s', (_when, parsed, environment, message) => {
    expect(() => choosePolicies(parsed, environment)).toThrow(TestModeRefused)
    expect(() => choosePolicies(parsed, environment)).toThrow(message)
  })

  test.each([
    'example.org',
    'matrix.org:8448',
    '8.8.8.8',
    'hs1.test.org',
    '128.0.0.1',
    '[2001:db8::1]',
  ])('for the name %s, which could be public', (name) => {
    const choose = () => choosePolicies(config(name, confirmed(name)), env(name))
    expect(choose).toThrow(/could be a public server/)
  })
})

describe('an agreed test mode', () => {
  test.each([
    'hs1',
    'localhost',
    'localhost:8448',
    '127.0.0.1:8008',
    '[::1]:8008',
    'a.test',
    'b.example',
    'c.invalid:1',
    'd.localhost',
  ])('works for the name %s', (name) => {
    const { policies, testMode } = choosePolicies(config(name, confirmed(name)), env(name))
    expect(testMode).toBe(true)
    expect(policies.limiter).toBe(NO_RATE_LIMITS)
    expect(policies.passwordHasher).toBe(cheapPasswordHasher)
    expect(policies.addresses.allows('127.0.0.1')).toBe(true)
    expect(policies.registration).toEqual({
      mode: 'open',
      sessionlessDummy: true,
      sharedSecret: 'complement',
    })
  })

  test('relaxes nothing that its block does not name', () => {
    const { policies } = choosePolicies(config('hs1', 'confirm: "unsafe hs1"'), env('hs1'))
    expect(policies.limiter).not.toBe(NO_RATE_LIMITS)
    expect(policies.addresses.allows('127.0.0.1')).toBe(false)
    expect(policies).toMatchObject({
      passwordHasher: STRICT.passwordHasher,
      minPasswordLength: STRICT.minPasswordLength,
      registration: { mode: 'token', sessionlessDummy: false, sharedSecret: undefined },
    })
  })

  test('may bind every interface when the block says so', () => {
    const parsed = config('hs1', `confirm: unsafe hs1\n  bind_any: true`, 'http: { host: 0.0.0.0 }')
    expect(choosePolicies(parsed, env('hs1')).testMode).toBe(true)
  })
})

/** The example with its settings taken in, apart from those that have no default. */
function filledIn(example: string): string {
  return example
    .replaceAll(/^#(?=\s*\w+:)/gm, '')
    .replaceAll(/^ *#.*\n/gm, '')
    .replaceAll(/^ *(\w+_file:.*|\w+: *)\n(?! )/gm, '')
    .replaceAll(/^ *(\w+_file:.*|(url|public_baseurl|shared_secret|pool_size|database):) *\n/gm, '')
}

test.each([
  ['the default configuration', ''],
  ['the example configuration', configExample()],
  ['the example with its settings taken in', filledIn(configExample())],
])('%s is strict', (_name, text) => {
  expect(parseConfig(text)).toEqual(parseConfig(''))
  expect(choosePolicies(parseConfig(text), {})).toMatchObject({
    testMode: false,
    policies: {
      passwordHasher: STRICT.passwordHasher,
      minPasswordLength: STRICT.minPasswordLength,
      registration: { mode: 'token', sessionlessDummy: false },
    },
  })
})

test('the example shows every section except the test mode', () => {
  expect(configExample()).not.toContain('unsafe')
  expect(filledIn(configExample())).toContain(
    'rc_joins_per_room: { per_second: 1, burst_count: 10 }',
  )
})
