import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './runtime.mjs'

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0)

/** Installs the packages of the lock file when they are absent or older than it. */
export function installPackages() {
  const lock = join(root, 'package-lock.json')
  if (!existsSync(lock)) return
  const installed = modified(join(root, 'node_modules/.package-lock.json'))
  if (installed > 0 && installed >= modified(lock)) return
  console.log('Installing packages (npm ci) …')
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (run.status !== 0) throw new Error('npm ci failed; see its output above.')
}
