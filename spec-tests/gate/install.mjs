// Brings what a fresh clone lacks. Runs on the machine's own Node (20 or later), before any package is there.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0)

/** Installs the packages of the lock file when they are absent or older than it. */
export function installPackages() {
  const installed = modified(join(root, 'node_modules/.package-lock.json'))
  if (installed > 0 && installed >= modified(join(root, 'package-lock.json'))) return
  console.log('Installing packages (npm ci) …')
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (run.status !== 0) throw new Error('npm ci failed; see its output above.')
}

/** The pinned Node that the npm package `node` brings. */
export function pinnedNode() {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const path = join(root, `node_modules/node/bin/node${suffix}`)
  if (!existsSync(path)) {
    throw new Error(
      `The pinned Node is missing (${path}). Install scripts may be switched off: run \`npm rebuild node\`.`,
    )
  }
  return path
}

const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

function installedBrowser() {
  const named = process.env.HEARTH_CHROMIUM
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`HEARTH_CHROMIUM names ${named}, which is not there.`)
    return named
  }
  return BROWSERS.find((path) => existsSync(path))
}

/**
 * A Chromium for the browser tests: the one HEARTH_CHROMIUM names, an installed one, or the
 * system's package where we may install it. undefined: none, the browser tests are skipped by name.
 */
export function chromium() {
  const found = installedBrowser()
  if (found !== undefined) return found
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium (apt-get install chromium) …')
    const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
    spawnSync('apt-get', ['update', '-qq'], options)
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options)
  }
  return installedBrowser()
}
