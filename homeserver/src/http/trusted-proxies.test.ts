import { expect, test } from 'vitest'
import { addressKey } from './address-key.ts'
import { TrustedProxies } from './trusted-proxies.ts'

test.each(['proxy.example', '', '10.0.0.0/x', '300.0.0.1'])('%j is no proxy', (entry) => {
  expect(() => new TrustedProxies([entry])).toThrow()
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::', 'fe80:0:0:0'],
  ['', ''],
])('a limit by address counts %s as %j', (address, key) => {
  expect(addressKey(address)).toBe(key)
})
