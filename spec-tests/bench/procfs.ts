import { readFileSync, readdirSync } from 'node:fs'

/** Linux counts CPU time in ticks of 10 ms. */
const TICK_MS = 10

function stat(pid: number): { parent: number; cpuMs: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return {
      parent: Number(fields[1]),
      cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    }
  } catch {
    return undefined
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => stat(pid)?.parent === parent)
}

/** User and system time of the processes so far, in milliseconds. */
export function cpuMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (stat(pid)?.cpuMs ?? 0), 0)
}

/** The same for a postmaster and all its children. */
export function cpuWithChildrenMs(pid: number): number {
  return cpuMs([pid, ...childrenOf(pid)])
}

/** Resident memory of the processes in MiB; null where procfs does not tell. */
export function rssMb(pids: readonly number[]): number | null {
  let kb = 0
  for (const pid of pids) {
    try {
      kb += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
    } catch {
      return null
    }
  }
  return pids.length === 0 ? null : Math.round(kb / 1024)
}

/** CPU time since boot in ticks: all that this machine wanted, and what its host withheld of it. */
export function machineCpu(): { readonly wanted: number; readonly stolen: number } | undefined {
  try {
    const [, ...fields] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/ +/)
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] =
      fields.map(Number)
    return { wanted: user + nice + system + irq + softirq + stolen, stolen }
  } catch {
    return undefined
  }
}
