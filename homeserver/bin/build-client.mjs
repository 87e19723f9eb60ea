import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { alone, newest } from './freshness.mjs'
import { root } from './runtime.mjs'

const client = join(root, 'client')
const built = join(client, 'dist/index.html')
const SOURCES = ['src', 'public', 'index.html', 'csp.json', 'package.json', 'vite.config.ts']

/** Builds the web client when a source is newer than the last build. Without sources there is nothing to do. */
export function buildClient() {
  if (!existsSync(join(client, 'index.html')) || isFresh()) return
  alone('building', () => {
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
