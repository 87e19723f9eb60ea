import { chmodSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where Linux keeps files in memory. */
const MEMORY = '/dev/shm'
/** What must be free: several suites may run at once, and a backup is a copy of a whole database. */
const ROOM_BYTES = 3 * 2 ** 30
const FREE_MEMORY_BYTES = 6 * 2 ** 30

const nameOf = (pid: number) => `hearth-tests-${pid}`

let folder: string | undefined

/**
 * Where test servers and their databases lie: in memory where there is plenty, else in the system's
 * temporary folder. Making a database costs a disk five times as much, and tests make hundreds. What
 * proves that nothing is lost, or measures speed, takes the disk.
 */
export function testFolder(): string {
  return (folder ??= inMemory() ?? tmpdir())
}

/** True when {@link testFolder} is in memory, so that what is no longer needed has to go soon. */
export const isInMemory = (): boolean => testFolder() !== tmpdir()

function inMemory(): string | undefined {
  if (process.platform !== 'linux' || freemem() < FREE_MEMORY_BYTES) return undefined
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    if (bavail * bsize < ROOM_BYTES) return undefined
    dropAbandoned()
    const own = join(MEMORY, nameOf(process.pid))
    // another user, Postgres's, has to pass
    mkdirSync(own, { recursive: true })
    chmodSync(own, 0o711)
    process.once('exit', () => rmSync(own, { recursive: true, force: true }))
    return own
  } catch {
    return undefined
  }
}

/** What processes left behind that were killed. */
function dropAbandoned(): void {
  for (const name of readdirSync(MEMORY)) {
    const pid = Number(/^hearth-tests-(\d+)$/.exec(name)?.[1])
    if (!Number.isNaN(pid) && !isRunning(pid)) {
      rmSync(join(MEMORY, name), { recursive: true, force: true })
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
