// `npm run test:faults`: the suites of spec-tests/faults, many times longer than in `npm test`. What
// the environment sets already stays, so that a failure can be repeated by the seed that it named.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { installPackages } from '../../homeserver/bin/install-packages.mjs'
import { findNode, root } from '../../homeserver/bin/runtime.mjs'

const LONG = {
  HEARTH_FAULTS: 'long',
  HEARTH_DELIVERY_ROUNDS: '200',
  HEARTH_CRASH_ROUNDS: '100',
}

installPackages()
const run = spawnSync(
  findNode(),
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--project',
    'faults',
    ...process.argv.slice(2),
  ],
  { cwd: join(root, 'spec-tests'), stdio: 'inherit', env: { ...LONG, ...process.env } },
)
process.exitCode = run.status ?? 1
