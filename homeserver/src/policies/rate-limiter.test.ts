import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRateLimiter, DEFAULT_RATE_LIMITS, NO_RATE_LIMITS } from './rate-limiter.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const limits = { message: { per_second: 0.5, burst_count: 3 } }

test('lets a burst through, then tells how long to wait', async () => {
  const limiter = createRateLimiter(limits)
  for (let i = 0; i < 3; i++) await limiter.consume('message', '@a:hs')
  const refusal = limiter.consume('message', '@a:hs')
  await expect(refusal).rejects.toMatchObject({
    status: 429,
    errcode: 'M_LIMIT_EXCEEDED',
    extra: { retry_after_ms: 6000 },
    headers: { 'Retry-After': '6' },
  })
  vi.advanceTimersByTime(6000)
  await limiter.consume('message', '@a:hs')
})

test('counts each key and each bucket apart', async () => {
  const limiter = createRateLimiter({ ...limits, join: { per_second: 0.5, burst_count: 1 } })
  for (let i = 0; i < 3; i++) await limiter.consume('message', '@a:hs')
  await limiter.consume('message', '@b:hs')
  await limiter.consume('join', '@a:hs')
  await expect(limiter.consume('join', '@a:hs')).rejects.toMatchObject({ status: 429 })
})

test('checking counts nothing', async () => {
  const limiter = createRateLimiter(limits)
  for (let i = 0; i < 5; i++) await limiter.check('message', '@a:hs')
  for (let i = 0; i < 3; i++) await limiter.consume('message', '@a:hs')
  await expect(limiter.check('message', '@a:hs')).rejects.toMatchObject({ status: 429 })
})

test('each of several workers has its share', async () => {
  const limiter = createRateLimiter({ message: { per_second: 1, burst_count: 10 } }, 4)
  for (let i = 0; i < 3; i++) await limiter.consume('message', '@a:hs')
  await expect(limiter.consume('message', '@a:hs')).rejects.toMatchObject({ status: 429 })
})

test('every limit that is on by default lets something through and then refuses', async () => {
  const limiter = createRateLimiter()
  for (const bucket of Object.keys(DEFAULT_RATE_LIMITS) as (keyof typeof DEFAULT_RATE_LIMITS)[]) {
    const { burst_count } = DEFAULT_RATE_LIMITS[bucket]
    for (let i = 0; i < burst_count; i++) await limiter.consume(bucket, 'x')
    await expect(limiter.consume(bucket, 'x')).rejects.toMatchObject({ status: 429 })
  }
})

test('without limits nothing is refused', async () => {
  for (let i = 0; i < 1000; i++) await NO_RATE_LIMITS.consume('login', 'x')
  await NO_RATE_LIMITS.check('login', 'x')
})
