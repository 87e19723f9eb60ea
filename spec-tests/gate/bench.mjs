// `npm run bench -- <scenario…> [options]`: runs spec-tests/bench on the pinned Node.
// `npm run bench -- state-sim [--small] [room…]`: the simulation of state under forks instead, which
// needs the server's own code.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { installPackages } from '../../homeserver/bin/install-packages.mjs'
import { findNode, root } from '../../homeserver/bin/runtime.mjs'

installPackages()
const [first, ...rest] = process.argv.slice(2)
const command =
  first === 'state-sim'
    ? ['homeserver/test/state-sim/main.ts', ...rest]
    : ['spec-tests/bench/main.ts', ...process.argv.slice(2)]
const [main, ...options] = command
const run = spawnSync(findNode(), [join(root, main), ...options], { cwd: root, stdio: 'inherit' })
process.exitCode = run.status ?? 1
