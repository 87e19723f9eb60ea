// `npm run bench -- <scenario…> [options]`: runs spec-tests/bench on the pinned Node.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { installPackages, pinnedNode, root } from './install.mjs'

installPackages()
const run = spawnSync(
  pinnedNode(),
  [join(root, 'spec-tests/bench/main.ts'), ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
)
process.exitCode = run.status ?? 1
