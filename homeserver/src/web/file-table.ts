import { hash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { contentType } from './content-types.ts'

/** A file of the built client, held in memory. */
export interface WebFile {
  readonly type: string
  readonly body: Buffer
  readonly etag: string
  /** Its name changes with its content, so a browser may keep it for ever. */
  readonly immutable: boolean
}

/** Vite's names for what it built: `assets/index-B4k2x9Qz.js`. */
const HASHED = /^\/assets\/.+-[\w-]{8,}\.\w+$/

/**
 * Reads the built client: URL path to file. Nothing outside the folder can be asked for, since
 * requests are looked up here and never reach the file system. Empty when there is no such folder.
 */
export async function readFileTable(folder: string): Promise<ReadonlyMap<string, WebFile>> {
  const table = new Map<string, WebFile>()
  for (const file of await filesIn(folder)) {
    const path = `/${relative(folder, file).split(sep).join('/')}`
    const body = await readFile(file)
    const etag = `"${hash('sha256', body, 'base64url').slice(0, 27)}"`
    table.set(path, { type: contentType(file), body, etag, immutable: HASHED.test(path) })
  }
  return table
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
