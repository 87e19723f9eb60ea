// `npm run bench -- <scenario…> [options]`: runs spec-tests/bench on the pinned Node.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { installPackages } from '../../homeserver/bin/install-packages.mjs'
import { findNode, root } from '../../homeserver/bin/runtime.mjs'

installPackages()
const run = spawnSync(
  findNode(),
  [join(root, 'spec-tests/bench/main.ts'), ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
)
process.exitCode = run.status ?? 1
