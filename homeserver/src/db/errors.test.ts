import { expect, test } from 'vitest'
import { DatabaseUnavailable, asUnavailable, isConnectionError, sqlState } from './errors.ts'

const withCode = (code: string) => Object.assign(new Error(`failed with ${code}`), { code })

test.each(['23505', '57P01', '53300', 'HS001', 'XX000', 'P0001'])('%s is an SQLSTATE', (code) => {
  expect(sqlState(withCode(code))).toBe(code)
})

test.each(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT'])(
  'a socket that fails with %s is a broken connection, and 503 for the client',
  (code) => {
    expect(sqlState(withCode(code))).toBeUndefined()
    expect(isConnectionError(withCode(code))).toBe(true)
    expect(asUnavailable(withCode(code), true)).toBeInstanceOf(DatabaseUnavailable)
  },
)
