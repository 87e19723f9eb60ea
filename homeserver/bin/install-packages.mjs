import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './runtime.mjs'

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0)

const isLink = (path) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true

/**
 * Installs the packages of the lock file when they are absent or older than it. A linked node_modules,
 * as in a second work tree, is only looked at: npm would empty the folder that it shares.
 */
export function installPackages() {
  const lock = join(root, 'package-lock.json')
  if (!existsSync(lock)) return
  const modules = join(root, 'node_modules')
  const installed = modified(join(modules, '.package-lock.json'))
  if (installed > 0 && installed >= modified(lock)) return
  if (isLink(modules)) {
    const advice = `${modules} is a link: run "npm ci" where it leads to, or remove the link.`
    if (installed === 0) throw new Error(`Packages are missing. ${advice}`)
    console.warn(`Packages may be older than package-lock.json. ${advice}`)
    return
  }
  console.log('Installing packages (npm ci) …')
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (run.status !== 0) throw new Error('npm ci failed; see its output above.')
}
