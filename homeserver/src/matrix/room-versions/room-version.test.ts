import { describe, expect, it } from 'vitest'
import { DEFAULT_ROOM_VERSION, ROOM_VERSIONS, roomVersion } from './room-version.ts'

describe('roomVersion', () => {
  it('knows the versions 3 to 12, the last being the default', () => {
    expect([...ROOM_VERSIONS.keys()]).toEqual(
      Array.from({ length: 10 }, (_, index) => String(index + 3)),
    )
    expect(roomVersion('12')).toBe(DEFAULT_ROOM_VERSION)
  })

  it.each(['', '1', '2', '13', '03', '12 ', '__proto__', 'org.example.1'])(
    'does not know %j',
    (id) => {
      expect(roomVersion(id)).toBeUndefined()
    },
  )

  // The version in which each rule came or went, by the introduction of each version's page.
  it.each([
    ['strictCanonicalJson', 6],
    ['notificationLevels', 6],
    ['knock', 7],
    ['restrictedJoins', 8],
    ['redactionKeepsJoinAuthorised', 9],
    ['knockRestricted', 10],
    ['integerPowerLevels', 10],
    ['implicitCreator', 11],
    ['redactsInContent', 11],
    ['updatedRedaction', 11],
    ['roomIdIsCreateHash', 12],
    ['privilegedCreators', 12],
  ] as const)('%s holds from version %i on', (flag, since) => {
    for (const [id, version] of ROOM_VERSIONS) expect(version[flag]).toBe(Number(id) >= since)
  })

  it('has what changed the other way round', () => {
    for (const [id, version] of ROOM_VERSIONS) {
      expect(version.aliasesAuthRule).toBe(Number(id) < 6)
      expect(version.eventIdBase64).toBe(id === '3' ? 'standard' : 'url-safe')
      expect(version.stateResolution).toBe(id === '12' ? 'v2.1' : 'v2')
    }
  })
})
