import { spawn } from 'node:child_process'
import { parse } from 'node:path'
import type { Host } from '#platform/host.ts'
import type { Account } from './account.ts'

/** How a Postgres program is started: as the account, in a plain environment, from a folder all can reach. */
export function spawnOptions(program: string, account: Account | undefined, host: Host) {
  return {
    cwd: parse(program).root,
    env: { ...host.childEnvironment(), LC_ALL: 'C' },
    ...(account !== undefined && { uid: account.uid, gid: account.gid }),
  }
}

/**
 * Runs a program to its end.
 * @throws {Error} with what it wrote when it fails
 */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { account: Account | undefined; host: Host },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...spawnOptions(program, options.account, options.host),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        output += text
      })
    }
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${program} failed (${code}): ${output.trim()}`))
    })
  })
}
