import { tmpdir } from 'node:os'
import { mkdtemp, realpath, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isMountPoint } from './places.ts'

test.runIf(process.platform === 'linux')(
  'a mounted disk is told from an ordinary folder',
  async () => {
    const folder = await mkdtemp(join(await realpath(tmpdir()), 'places-'))
    try {
      expect(await isMountPoint('/proc')).toBe(true)
      expect(await isMountPoint(folder)).toBe(false)
      expect(await isMountPoint(join(folder, 'absent'))).toBe(false)
    } finally {
      await rmdir(folder)
    }
  },
)
