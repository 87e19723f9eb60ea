import { describe, expect, it } from 'vitest'
import { MatrixError, limitExceeded, missingParam, unavailable, unknownToken } from './errors.ts'

describe('MatrixError', () => {
  it('becomes errcode, error and the extra fields', () => {
    const error = new MatrixError(403, 'M_X', 'No.', { a: 1 })
    expect(JSON.parse(JSON.stringify(error))).toEqual({ errcode: 'M_X', error: 'No.', a: 1 })
    expect(error).toMatchObject({ status: 403, headers: {} })
  })
})

describe('limitExceeded', () => {
  it('tells the time both as header in seconds and as field, rounded up', () => {
    const error = limitExceeded(1000.2)
    expect(error.headers).toEqual({ 'Retry-After': '2' })
    expect(error.toJSON()).toMatchObject({ errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 1001 })
  })
})

describe('unknownToken', () => {
  it('has soft_logout only when the session lives on', () => {
    expect(unknownToken().toJSON()).not.toHaveProperty('soft_logout')
    expect(unknownToken({ softLogout: true }).toJSON()).toMatchObject({ soft_logout: true })
  })
})

describe('other factories', () => {
  it('name the parameter, and the delay', () => {
    expect(missingParam('user_id').message).toContain('user_id')
    expect(unavailable('Busy.', 5).toJSON()).toMatchObject({ retry_after_ms: 5 })
  })
})
