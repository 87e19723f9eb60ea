import { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressGuard } from './address-guard.ts'
import { groupsOf, isPublicAddress } from './is-public-address.ts'

const v4 = fc.ipV4()
const octets = (address: string) => address.split('.').map(Number)
const hex = (address: string) => {
  const [a = 0, b = 0, c = 0, d = 0] = octets(address)
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
}

describe('isPublicAddress', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.19.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    'fc00::1',
    'fdff::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '::ffff:10.0.0.1',
    '::FFFF:7F00:1',
    '64:ff9b::192.168.0.1',
    '64:ff9b:1::1.1.1.1',
    '2002:7f00:1::',
    '2002:a9fe:a9fe::1',
    'example.org',
    '',
    '1.2.3',
  ])('knows that %j is not', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  it.each([
    '1.1.1.1',
    '100.63.255.255',
    '172.32.0.1',
    '2606:4700:4700::1111',
    '::ffff:1.1.1.1',
    '64:ff9b::101:101',
    '2002:101:101::1',
  ])('knows that %s is', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  it('judges every IPv6 address that carries an IPv4 address by that one', () => {
    fc.assert(
      fc.property(v4, (address) => {
        const expected = isPublicAddress(address)
        const carriers = [
          `::ffff:${address}`,
          `::ffff:${hex(address)}`,
          `0:0:0:0:0:ffff:${hex(address)}`,
          `64:ff9b::${hex(address)}`,
          `2002:${hex(address)}::5`,
        ]
        expect(carriers.map(isPublicAddress)).toEqual(carriers.map(() => expected))
      }),
      { numRuns: 500 },
    )
  })

  it('finds no public address outside 2000::/3 but those', () => {
    const block = new BlockList()
    block.addSubnet('2000::', 3, 'ipv6')
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const carried = /^(?:::ffff:|0:0:0:0:0:ffff:|64:ff9b:)/i.test(address)
        fc.pre(!carried && !block.check(address, 'ipv6'))
        expect(isPublicAddress(address)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})

it('reads IPv6 addresses however they are written', () => {
  const groups = fc.array(fc.integer({ min: 0, max: 0xff_ff }), { minLength: 8, maxLength: 8 })
  fc.assert(
    fc.property(groups, fc.nat(8), fc.nat(8), (numbers, from, length) => {
      const to = Math.min(8, from + length)
      const zeroed = numbers.map((number, index) => (index >= from && index < to ? 0 : number))
      const text = (part: readonly number[]) => part.map((n) => n.toString(16)).join(':')
      const short = `${text(zeroed.slice(0, from))}::${text(zeroed.slice(to))}`
      expect(groupsOf(text(zeroed))).toEqual(zeroed)
      if (to > from) expect(groupsOf(short)).toEqual(zeroed)
    }),
  )
})

describe('addressGuard', () => {
  it('allows what is listed, and nothing else that is private', () => {
    const guard = addressGuard(['10.0.0.0/8', 'fd00::1', '127.0.0.1'])
    expect(['10.9.9.9', 'fd00::1', '127.0.0.1', '1.1.1.1'].map((a) => guard.allows(a))).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(['11.0.0.1', '192.168.0.1', 'fd00::2', '127.0.0.2'].map((a) => guard.allows(a))).toEqual(
      [true, false, false, false],
    )
    expect([guard.isListed('10.0.0.1'), guard.isListed('1.1.1.1')]).toEqual([true, false])
  })
})
