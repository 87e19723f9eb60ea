import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

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
