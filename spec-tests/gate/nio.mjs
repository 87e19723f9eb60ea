import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Debian's interpreter, for which Debian's packages are. */
const PYTHON = '/usr/bin/python3'

const isThere = (python) => spawnSync(python, ['-I', '-c', 'import nio']).status === 0

/**
 * A Python that has matrix-nio, for the tests with that SDK: the one HEARTH_NIO names, Debian's, or
 * the system's package where we may install it. undefined: none, the tests are skipped by name.
 */
export function matrixNio() {
  const named = process.env.HEARTH_NIO
  if (named !== undefined && named !== '') {
    if (!isThere(named)) throw new Error(`HEARTH_NIO names ${named}, which has no matrix-nio.`)
    return named
  }
  if (!isThere(PYTHON) && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing matrix-nio (apt-get install python3-matrix-nio) …')
    const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
    const install = ['install', '-y', '-qq', '--no-install-recommends', 'python3-matrix-nio']
    spawnSync('apt-get', ['update', '-qq'], options)
    spawnSync('apt-get', install, options)
  }
  return isThere(PYTHON) ? PYTHON : undefined
}
