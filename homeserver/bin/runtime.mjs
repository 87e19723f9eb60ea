// Starts the server's TypeScript on the Node that it is pinned to. Runs on any Node from 20, so it uses
// nothing newer, and no package.
import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { availableParallelism, homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const homeserver = resolve(dirname(fileURLToPath(import.meta.url)), '..')
export const root = dirname(homeserver)

/** What can run the server when the pinned Node is absent, as in the container image. */
const OLDEST_MAJOR = 24

/** The Node that the npm package `node` brings, or our own when that is new enough. */
export function findNode() {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const arch = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  for (const modules of [join(root, 'node_modules'), join(homeserver, 'node_modules')]) {
    const candidates = [
      join(modules, 'node/bin', `node${suffix}`),
      // where it lies when npm was told not to run install scripts
      join(modules, 'node/node_modules', arch, 'bin', `node${suffix}`),
      join(modules, arch, 'bin', `node${suffix}`),
    ]
    const found = candidates.find((path) => existsSync(path))
    if (found !== undefined) return found
  }
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_MAJOR) return process.execPath
  throw new Error(
    `Hearth needs Node ${OLDEST_MAJOR}; this is ${process.version} and the pinned one is missing. Run "npm ci", ` +
      'or "npm rebuild node" where install scripts are switched off.',
  )
}

/** Where Node keeps compiled modules between starts: beside the packages, else with the user. */
function compileCache() {
  const modules = join(root, 'node_modules')
  try {
    accessSync(modules, constants.W_OK)
    return join(modules, '.cache/hearth/compile')
  } catch {
    return join(homedir(), '.cache/hearth/compile')
  }
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP']

// V8 would let the young generation of an idle server grow far beyond its use
const FLAGS = ['--max-semi-space-size=8']

/**
 * Runs the server's program with the arguments, passes signals on, and ends as it ends. The channel between
 * the two tells the server when the launcher is killed, so that it does not stay behind.
 */
export function runHearth(program, args, env = {}) {
  const child = spawn(findNode(), [...FLAGS, program, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      NODE_COMPILE_CACHE: compileCache(),
      // passwords, files and DNS share these threads
      UV_THREADPOOL_SIZE: String(Math.max(4, availableParallelism() * 2)),
      ...process.env,
      ...env,
    },
  })
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`hearth: ${error.message}`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    for (const name of SIGNALS) process.removeAllListeners(name)
    if (signal === null) process.exitCode = code
    // end by the same signal, so that whoever started us sees what happened
    else process.kill(process.pid, signal)
  })
}
