// What is built from sources on the machine itself: when it is stale, and who builds it.
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './runtime.mjs'

/**
 * When the newest of some files and of those in some folders was written, in milliseconds since 1970.
 * @param counts which files of the folders count, by name
 */
export function newest(paths, counts = () => true) {
  let time = 0
  for (const path of paths) {
    if (!existsSync(path)) continue
    const status = statSync(path)
    time = Math.max(time, status.isDirectory() ? newestIn(path, counts) : status.mtimeMs)
  }
  return time
}

function newestIn(folder, counts) {
  let time = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) time = Math.max(time, newestIn(path, counts))
    else if (counts(entry.name)) time = Math.max(time, statSync(path).mtimeMs)
  }
  return time
}

const LOCK_STALE_MS = 180_000
const POLL_MS = 200

/** Servers that start at the same time must not build into one folder: making a folder is the lock. */
export function alone(name, action) {
  const cache = join(root, 'node_modules/.cache/hearth')
  const lock = join(cache, name)
  mkdirSync(cache, { recursive: true })
  while (!take(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS)
  try {
    action()
  } finally {
    rmdirSync(lock)
  }
}

function take(lock) {
  try {
    mkdirSync(lock)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (age > LOCK_STALE_MS) rmdirSync(lock)
    return false
  }
}
