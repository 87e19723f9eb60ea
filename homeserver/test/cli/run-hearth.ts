import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { testFolder } from '../../../spec-tests/target/test-folder.ts'

const launcher = fileURLToPath(new URL('../../bin/hearth.mjs', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  /** Resolves once a line on standard output matches; rejects when the process ends first. */
  line(pattern: RegExp): Promise<RegExpExecArray>
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<Ended>
}

/** Starts `hearth` by its launcher, as a person would. */
export function startHearth(
  args: readonly string[],
  options: { env?: Record<string, string>; input?: string; cwd?: string } = {},
): Running {
  const { NODE_ENV: _vitest, ...env } = process.env
  const child = spawn(process.execPath, [launcher, ...args], {
    env: { ...env, ...options.env },
    cwd: options.cwd,
  })
  child.stdin.end(options.input ?? '')
  const output = { stdout: '', stderr: '' }
  const watchers = new Set<() => void>()
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
      for (const watcher of watchers) watcher()
    })
  }
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, ...output }))
  })
  return {
    ended,
    kill: (signal) => void child.kill(signal),
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(output.stdout)
          if (found !== null) resolve(found)
        }
        watchers.add(look)
        look()
        void ended.then(() => reject(new Error(`${output.stdout}\n${output.stderr}`)))
      }),
  }
}

export const runHearth = (...args: Parameters<typeof startHearth>) => startHearth(...args).ended

export function scratchFolder() {
  const path = mkdtempSync(join(testFolder(), 'hearth-cli-'))
  chmodSync(path, 0o711)
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  }
}
