import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BaseBackup, Facts, Stopped } from './base-backup.ts'
import { CONTROL_FILE, judgeClusterFile } from './cluster-files.ts'
import { copyFile, writeNew, type CopyJob } from './copy.ts'
import { BackupRefused } from './errors.ts'
import { LAYOUT, type BackupFile } from './manifest.ts'
import { requireRoom } from './places.ts'
import type { Progress } from './progress.ts'
import { walk } from './tree.ts'

export interface CopiedCluster {
  readonly facts: Facts
  readonly wal: Stopped
  readonly folders: string[]
  readonly files: BackupFile[]
}

/** Copies the cluster of a running Postgres into `target/cluster`. */
export async function copyCluster(
  backup: BaseBackup,
  target: string,
  job: CopyJob,
  progress: Progress,
): Promise<CopiedCluster> {
  const { cluster } = await backup.start()
  const tree = await walk(cluster, judgeClusterFile)
  const bytes = tree.files.reduce((sum, { size }) => sum + size, 0)
  progress.expect(bytes)
  await requireRoom(target, bytes)
  const folders = tree.folders.map((path) => `${LAYOUT.cluster}/${path}`)
  for (const folder of folders) await mkdir(join(target, folder), { recursive: true, mode: 0o700 })
  const files: BackupFile[] = []
  const take = async (path: string) => {
    const to = `${LAYOUT.cluster}/${path}`
    const copied = await copyFile(join(cluster, path), join(target, to), job)
    if (copied !== undefined) files.push({ path: to, ...copied })
    return copied !== undefined
  }
  for (const { path } of tree.files) await take(path)
  files.push(await copyControlFile(cluster, target))
  // read before the end of the backup: whatever stands there now is in it
  const facts = await backup.facts()
  const wal = await backup.stop()
  files.push(await writeNew(target, `${LAYOUT.cluster}/backup_label`, wal.label))
  await copyWal(cluster, wal.segments, take)
  return { facts, wal, folders, files }
}

/** The files of the write-ahead log, and the histories of its timelines. */
async function copyWal(
  cluster: string,
  segments: readonly string[],
  take: (path: string) => Promise<boolean>,
): Promise<void> {
  for (const name of segments) {
    if (await take(`pg_wal/${name}`)) continue
    throw new BackupRefused(`The database has lost ${name}, which the backup needs. Try again.`)
  }
  const { files } = await walk(join(cluster, 'pg_wal'))
  for (const { path } of files) {
    if (path.endsWith('.history')) await take(`pg_wal/${path}`)
  }
}

const CONTROL_ATTEMPTS = 100

/** Postgres rewrites this file in place: only two equal readings are surely one state of it. */
async function copyControlFile(cluster: string, target: string): Promise<BackupFile> {
  const path = join(cluster, CONTROL_FILE)
  let last = await readFile(path)
  for (let attempt = 0; attempt < CONTROL_ATTEMPTS; attempt++) {
    const now = await readFile(path)
    if (now.equals(last)) return await writeNew(target, `${LAYOUT.cluster}/${CONTROL_FILE}`, now)
    last = now
  }
  throw new BackupRefused(`${path} never stands still.`)
}
