import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The machine under the process: who we are, and other processes by their id. */
export interface Host {
  readonly pid: number
  readonly platform: NodeJS.Platform
  readonly arch: string
  /** The effective user; undefined on Windows. */
  readonly uid: number | undefined
  /** Sends a signal; false when there is no such process. */
  signal(pid: number, signal: NodeJS.Signals): boolean
  /** True when a process with this id runs, whoever owns it; a dead one that nobody reaped does not. */
  alive(pid: number): boolean
  /** Tells two processes with the same id apart; undefined when unknown. */
  startMark(pid: number): string | undefined
  /** The command line of a running process; undefined when unknown. */
  commandLine(pid: number): string | undefined
  /** What a child process needs of the environment to run at all; empty except on Windows. */
  childEnvironment(): Record<string, string>
}

export const systemHost: Host = {
  pid: process.pid,
  platform: process.platform,
  arch: process.arch,
  uid: process.geteuid?.(),
  signal(pid, signal) {
    try {
      return process.kill(pid, signal)
    } catch (error) {
      if (codeOf(error) === 'ESRCH') return false
      throw error
    }
  },
  alive(pid) {
    try {
      process.kill(pid, 0)
    } catch (error) {
      if (codeOf(error) !== 'EPERM') return false
    }
    // in a container whose first process reaps nobody, the dead keep their ids
    return process.platform !== 'linux' || statOf(pid)?.[0] !== 'Z'
  },
  startMark(pid) {
    if (process.platform === 'win32') return undefined
    if (process.platform !== 'linux') return ps(pid, 'lstart=')
    const started = statOf(pid)?.[19]
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return started === undefined ? undefined : `${boot} ${started}`
  },
  commandLine(pid) {
    if (process.platform === 'win32') return undefined
    if (process.platform !== 'linux') return ps(pid, 'command=')
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined
      throw error
    }
  },
  childEnvironment() {
    if (process.platform !== 'win32') return {}
    const names = ['SystemRoot', 'TEMP', 'TMP', 'PATH']
    return Object.fromEntries(
      names.flatMap((name) => {
        const value = process.env[name]
        return value === undefined ? [] : [[name, value]]
      }),
    )
  },
}

/** The fields of Linux's /proc/PID/stat from the state on. */
function statOf(pid: number): string[] | undefined {
  try {
    // the command name before them may hold spaces and brackets
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined
    throw error
  }
}

function ps(pid: number, column: string): string | undefined {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    // ps exits with 1 when there is no such process
    return undefined
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
