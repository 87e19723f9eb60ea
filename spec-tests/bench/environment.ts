import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a figure depends on besides the server. */
export interface Environment {
  readonly node: string
  readonly cores: number
  readonly cpu: string
  readonly load1: number
  /** Median time of an 8 kB write with fdatasync in the temp folder, microseconds. */
  readonly fsync_us: number
}

export function environment(): Environment {
  return {
    node: process.versions.node,
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    load1: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    fsync_us: medianFsync(),
  }
}

function medianFsync(): number {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-fsync-'))
  const file = openSync(join(folder, 'probe'), 'w')
  const block = Buffer.alloc(8192, 1)
  const times: number[] = []
  for (let n = 0; n < 100; n += 1) {
    const started = performance.now()
    writeSync(file, block, 0, block.length, 0)
    fdatasyncSync(file)
    times.push((performance.now() - started) * 1000)
  }
  closeSync(file)
  rmSync(folder, { recursive: true })
  return Math.round(times.toSorted((a, b) => a - b)[50] ?? 0)
}
