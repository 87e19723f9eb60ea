import type { Config } from '#config/schema/config.ts'
import { ANY_ADDRESS } from '#platform/outbound/address-guard.ts'
import { cheapPasswordHasher } from './password-hasher.ts'
import type { Policies } from './policies.ts'
import { NO_RATE_LIMITS } from './rate-limiter.ts'

type Block = NonNullable<Config['unsafe_test_mode']>

/** Test mode was asked for in a way that is not safe enough; say why and exit. */
export class TestModeRefused extends Error {
  constructor(message: string) {
    super(`Test mode is refused: ${message}`)
    this.name = 'TestModeRefused'
  }
}

/** The variable that has to agree with the configuration; it sets nothing by itself. */
const TEST_MODE_VARIABLE = 'HEARTH_UNSAFE_TEST_MODE'

/**
 * The configuration's test-mode block, when everything that guards it agrees.
 * @returns undefined when neither the configuration nor the environment asks for test mode
 * @throws {TestModeRefused}
 */
export function requestedTestMode(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Block | undefined {
  const block = config.unsafe_test_mode
  const variable = env[TEST_MODE_VARIABLE]
  if (block === undefined && variable === undefined) return undefined
  if (block === undefined) {
    throw new TestModeRefused(
      `${TEST_MODE_VARIABLE} is set, but the configuration has no unsafe_test_mode section.`,
    )
  }
  const name = config.server_name
  if (variable === undefined) {
    throw new TestModeRefused(
      `the configuration has an unsafe_test_mode section, but ${TEST_MODE_VARIABLE} is not set.`,
    )
  }
  if (variable !== name) {
    throw new TestModeRefused(`${TEST_MODE_VARIABLE} names "${variable}", the server is "${name}".`)
  }
  if (block.confirm !== `unsafe ${name}`) {
    throw new TestModeRefused(`unsafe_test_mode.confirm must be exactly "unsafe ${name}".`)
  }
  if (env['NODE_ENV'] === 'production') throw new TestModeRefused('NODE_ENV is "production".')
  if (!isUnroutableName(name)) {
    throw new TestModeRefused(
      `"${name}" could be a public server. The name must be localhost, a loopback address, a ` +
        'single label, or end in .test, .localhost, .invalid or .example.',
    )
  }
  if (!block.bind_any && !isLoopback(config.http.host)) {
    throw new TestModeRefused(
      `http.host is ${config.http.host}; test mode listens on loopback only, unless bind_any is set.`,
    )
  }
  return block
}

/** Puts in place of the strict policies what the block names, and nothing else. */
export function testModePolicies(block: Block, strict: Policies): Policies {
  return {
    ...strict,
    ...(block.no_rate_limits && { limiter: NO_RATE_LIMITS }),
    ...(block.cheap_password_hash && { passwordHasher: cheapPasswordHasher, minPasswordLength: 1 }),
    ...(block.allow_private_addresses && { addresses: ANY_ADDRESS }),
    registration: {
      ...strict.registration,
      ...(block.open_dummy_registration && { mode: 'open', sessionlessDummy: true }),
      ...(block.weak_shared_secret !== undefined && { sharedSecret: block.weak_shared_secret }),
    },
  }
}

function isUnroutableName(serverName: string): boolean {
  const host = serverName.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
  if (isLoopback(host)) return true
  return /^[a-z0-9-]+$/i.test(host) || /\.(test|localhost|invalid|example)$/i.test(host)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}
