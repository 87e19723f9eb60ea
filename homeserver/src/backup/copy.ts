import { createHash } from 'node:crypto'
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hasCode } from './errors.ts'
import type { BackupFile } from './manifest.ts'

const CHUNK_BYTES = 1 << 20

/** What all copying of one backup or restore shares. */
export interface CopyJob {
  readonly signal: AbortSignal
  /** Told the bytes of every piece that was copied. */
  onBytes(count: number): void
}

/**
 * Copies what `source` holds at the moment of opening, to a new file of mode 0600 that is flushed to
 * the disk. Whether it grows meanwhile does not matter; when it shrinks, the copy ends there.
 * @returns size and hash of the copy; undefined when the source is not there any more
 */
export async function copyFile(
  source: string,
  target: string,
  job: CopyJob,
): Promise<Omit<BackupFile, 'path'> | undefined> {
  const from = await openIfThere(source)
  if (from === undefined) return undefined
  await using _from = from
  await mkdir(dirname(target), { recursive: true, mode: 0o700 })
  await using to = await open(target, 'wx', 0o600)
  const { size: end } = await from.stat()
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(end, 1)))
  let size = 0
  while (size < end) {
    job.signal.throwIfAborted()
    const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, end - size), size)
    if (bytesRead === 0) break
    const piece = buffer.subarray(0, bytesRead)
    hash.update(piece)
    await to.writeFile(piece)
    size += bytesRead
    job.onBytes(bytesRead)
  }
  await to.sync()
  return { size, sha256: hash.digest('hex') }
}

/** Writes a text, or bytes, as {@link copyFile} copies. */
export async function writeNew(
  folder: string,
  path: string,
  content: string | Buffer,
): Promise<BackupFile> {
  const target = join(folder, path)
  await mkdir(dirname(target), { recursive: true, mode: 0o700 })
  await using to = await open(target, 'wx', 0o600)
  await to.writeFile(content)
  await to.sync()
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { path, size: Buffer.byteLength(content), sha256 }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  return await open(path, 'r').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  })
}
