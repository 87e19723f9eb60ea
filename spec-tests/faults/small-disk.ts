import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Why {@link SmallDisk} can't be made here; undefined when it can. */
export function noSmallDisk(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux mounts a tmpfs'
  try {
    new SmallDisk(1).unmount()
    return undefined
  } catch (error) {
    return `mounting a tmpfs is not allowed: ${String(error)}`
  }
}

/** A file system of a few megabytes that can be filled and emptied. */
export class SmallDisk implements Disposable {
  readonly folder: string

  constructor(megabytes: number) {
    this.folder = mkdtempSync(join(tmpdir(), 'hearth-disk-'))
    const size = `size=${megabytes}m,mode=0755`
    try {
      execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', this.folder], {
        stdio: 'pipe',
      })
    } catch (error) {
      rmSync(this.folder, { recursive: true })
      throw error
    }
  }

  /** Takes all space but some kilobytes. */
  fill(leaveKilobytes = 0): void {
    const { bavail, bsize } = statfsSync(this.folder)
    const bytes = Math.max(0, bavail * bsize - leaveKilobytes * 1024)
    mkdirSync(join(this.folder, 'ballast'), { recursive: true })
    try {
      writeFileSync(join(this.folder, 'ballast', String(Date.now())), Buffer.alloc(bytes))
    } catch (error) {
      // Postgres took the last bytes first: the disk is full, which was the aim
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
    }
  }

  /** Gives the space back. */
  empty(): void {
    rmSync(join(this.folder, 'ballast'), { recursive: true, force: true })
  }

  unmount(): void {
    execFileSync('/bin/umount', ['-l', this.folder])
    rmSync(this.folder, { recursive: true })
  }

  [Symbol.dispose](): void {
    this.unmount()
  }
}
