import { spawn } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const launcher = join(
  resolve(dirname(fileURLToPath(import.meta.url)), '../..'),
  'homeserver/bin/hearth.mjs',
)

/**
 * Runs `npx hearth` with arguments to its end.
 * @returns what it wrote on standard output
 * @throws {Error} with all that it wrote when it fails
 */
export function hearthCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn(process.execPath, [launcher, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  return new Promise((done, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) done(output)
      else reject(new Error(`hearth ${args.join(' ')} ended with ${code}: ${output}${errors}`))
    })
  })
}
