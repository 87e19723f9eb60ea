import { readdir, realpath, stat, statfs } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { BackupRefused, hasCode } from './errors.ts'

/** The real path of something that may not exist yet. */
export async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (!hasCode(error, 'ENOENT') || dirname(path) === path) throw error
    return join(await realPlace(dirname(path)), basename(path))
  }
}

/** True when `path` is `folder` or lies in it; both real paths. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** True for a folder without content, and for one that is not there. @throws when it is no folder */
export async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return true
    throw error
  }
}

/** True for a folder on which another disk is mounted: it can't be replaced by renaming. A real path. */
export async function isMountPoint(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).dev !== (await stat(dirname(folder))).dev
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

/** @throws {BackupRefused} when the disk of an existing folder has no room for so much */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free >= bytes) return
  throw new BackupRefused(
    `The disk of ${folder} has room for ${inWords(free)}; ${inWords(bytes)} are needed.`,
  )
}

/** A size for people: 1.4 MB. */
export function inWords(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = bytes / 1000
  for (const unit of units) {
    if (value < 1000 || unit === 'TB')
      return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
    value /= 1000
  }
  return `${bytes} B`
}
