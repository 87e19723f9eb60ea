import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { copyFile, type CopyJob } from './copy.ts'
import { BackupRefused } from './errors.ts'
import type { Manifest } from './manifest.ts'

/** Copies one part of a verified backup, a file or a folder, to its place. */
export async function unpack(part: {
  readonly manifest: Manifest
  readonly source: string
  /** File or folder in the backup. */
  readonly below: string
  readonly target: string
  readonly job: CopyJob
}): Promise<void> {
  const { manifest, source, below, target, job } = part
  const placeOf = (path: string) => {
    if (path === below) return target
    return path.startsWith(`${below}/`) ? join(target, path.slice(below.length + 1)) : undefined
  }
  for (const path of manifest.folders) {
    const place = placeOf(path)
    if (place !== undefined) await mkdir(place, { recursive: true, mode: 0o700 })
  }
  for (const file of manifest.files) {
    const place = placeOf(file.path)
    if (place === undefined) continue
    const copied = await copyFile(join(source, file.path), place, job)
    if (copied?.sha256 === file.sha256) continue
    throw new BackupRefused(`${file.path} of the backup changed while it was copied.`)
  }
}
