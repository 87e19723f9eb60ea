import { expect, test } from 'vitest'
import { parseConfig } from '#config/load.ts'
import { announceTestMode, rateLimitsOf } from './policies.ts'
import { DEFAULT_RATE_LIMITS } from './rate-limiter.ts'
import { createLogger } from '#platform/logger.ts'

test("the configuration's default limits are the limiter's", () => {
  expect(rateLimitsOf(parseConfig(''))).toEqual(DEFAULT_RATE_LIMITS)
})

test('a configured limit reaches its bucket', () => {
  const config = parseConfig('rate_limits:\n  rc_login: { account: { per_second: 5 } }')
  expect(rateLimitsOf(config)['login-account']).toEqual({ per_second: 5, burst_count: 5 })
})

test('test mode is announced at once and every ten minutes until it is cancelled', () => {
  const written: string[] = []
  const logger = { ...createLogger('silent'), warn: (text: string) => void written.push(text) }
  const timers: { ms: number; callback: () => void }[] = []
  let cancelled = 0
  const clock = {
    after(ms: number, callback: () => void) {
      timers.push({ ms, callback })
      return () => void cancelled++
    },
  }
  const stop = announceTestMode(logger, clock)
  expect(written).toHaveLength(1)
  timers[0]?.callback()
  expect(written).toHaveLength(2)
  expect(timers.map(({ ms }) => ms)).toEqual([600_000, 600_000])
  stop()
  expect(cancelled).toBe(1)
})
