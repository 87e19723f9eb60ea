import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Where Debian's package puts its programs. */
const PROGRAMS = '/usr/lib/postgresql/15/bin'

const isThere = () => existsSync(`${PROGRAMS}/initdb`)

/**
 * A Postgres that is not ours for the database tests: what HEARTH_TEST_POSTGRES says (a folder of
 * programs, or a URL), Debian's Postgres 15, or the system's package where we may install it.
 * undefined: none, the suite is skipped by name.
 */
export function separatePostgres() {
  const named = process.env.HEARTH_TEST_POSTGRES
  if (named !== undefined && named !== '') return named
  if (!isThere() && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Postgres (apt-get install postgresql) …')
    const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
    spawnSync('apt-get', ['update', '-qq'], options)
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql'], options)
  }
  return isThere() ? PROGRAMS : undefined
}
