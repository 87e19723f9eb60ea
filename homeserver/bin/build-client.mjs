import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './runtime.mjs'

const client = join(root, 'client')
const built = join(client, 'dist/index.html')
const SOURCES = ['src', 'public', 'index.html', 'csp.json', 'package.json', 'vite.config.ts']

/** Builds the web client when a source is newer than the last build. Without sources there is nothing to do. */
export function buildClient() {
  if (!existsSync(join(client, 'index.html')) || isFresh()) return
  alone(() => {
    // somebody else may have built it while we waited
    if (isFresh()) return
    console.log('Building the web client …')
    const run = spawnSync(
      'npm',
      ['run', '--silent', 'build', '-w', 'client', '--', '--logLevel', 'warn'],
      {
        cwd: root,
        stdio: 'inherit',
        shell: process.platform === 'win32',
      },
    )
    if (run.status !== 0) throw new Error('the web client could not be built; see above.')
  })
}

function isFresh() {
  if (!existsSync(built)) return false
  const sources = [...SOURCES.map((name) => join(client, name)), join(root, 'package-lock.json')]
  return newest(sources) <= statSync(built).mtimeMs
}

function newest(paths) {
  let time = 0
  for (const path of paths) {
    if (!existsSync(path)) continue
    const status = statSync(path)
    const own = status.isDirectory()
      ? newest(readdirSync(path).map((name) => join(path, name)))
      : status.mtimeMs
    time = Math.max(time, own)
  }
  return time
}

const LOCK_STALE_MS = 180_000
const POLL_MS = 200

/** Servers that start at the same time must not build into one folder: making a folder is the lock. */
function alone(action) {
  const cache = join(root, 'node_modules/.cache/hearth')
  const lock = join(cache, 'building')
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
