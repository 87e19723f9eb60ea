import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import type { Host } from '#platform/host.ts'
import { DatabaseRefused } from '../errors.ts'

/**
 * Claims a data folder for this process with a pid file. A file left by a killed process is
 * recognised by the process's start mark and replaced.
 * @returns releases the claim
 * @throws {DatabaseRefused} while another Hearth runs on the folder
 */
export async function lockDataFolder(path: string, host: Host): Promise<() => Promise<void>> {
  const mine = `${host.pid} ${host.startMark(host.pid) ?? ''}\n`
  const draft = `${path}.${host.pid}`
  await writeFile(draft, mine, { mode: 0o600 })
  try {
    while (!(await linkNew(draft, path))) await removeStale(path, host)
  } finally {
    await rm(draft, { force: true })
  }
  return async () => {
    if ((await readLock(path)) === mine) await rm(path, { force: true })
  }
}

/** True while another live process holds the lock. */
export async function isLocked(path: string, host: Host): Promise<boolean> {
  const content = await readLock(path)
  return content !== undefined && holderOf(content, host) !== undefined
}

/** A link appears complete and only once, whoever else tries. */
async function linkNew(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function removeStale(path: string, host: Host): Promise<void> {
  const seen = await readLock(path)
  if (seen === undefined) return
  const holder = holderOf(seen, host)
  if (holder !== undefined) {
    throw new DatabaseRefused(
      `Another Hearth (process ${holder}) already uses this data folder; it holds ${path}. ` +
        'Stop it, or choose another --data.',
    )
  }
  // Two starters may both find it stale: only the one that moves away what it has judged goes on
  const aside = `${path}.stale.${host.pid}`
  await rename(path, aside).catch(ignoreAbsent)
  const moved = await readLock(aside)
  if (moved !== undefined && moved !== seen) await linkNew(aside, path)
  await rm(aside, { force: true })
}

function holderOf(content: string, host: Host): number | undefined {
  const [, digits, mark] = /^(\d+) (.*)\n$/.exec(content) ?? []
  const pid = Number(digits)
  if (digits === undefined || pid === host.pid || !host.alive(pid)) return undefined
  return mark === '' || host.startMark(pid) === mark ? pid : undefined
}

async function readLock(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    ignoreAbsent(error)
    return undefined
  })
}

function ignoreAbsent(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
}
