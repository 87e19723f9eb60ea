import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { arch, cpus, loadavg, platform, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { Database } from './database.ts'

/** What a figure depends on besides the server. */
export interface Environment {
  readonly node: string
  readonly cores: number
  readonly cpu: string
  readonly load1: number
  /** Median time of an 8 kB write with fdatasync in the temp folder, microseconds. */
  readonly fsync_us: number
}

/** The server's database; null where this run has no access to it. */
export interface DatabaseFacts {
  readonly pg: string | null
  /** True when an answered write survives a power cut. */
  readonly durable: boolean | null
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

/** Which machines have comparable CPU times. */
export function machine(): string {
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU'
  return `${cpus().length} × ${model}, ${gigabytes} GB, ${platform()} ${arch()}`
}

export async function databaseFacts(url: string | undefined): Promise<DatabaseFacts> {
  if (url === undefined) return { pg: null, durable: null }
  await using database = await Database.connect(url)
  return await database.facts()
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
