import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Host } from '#platform/host.ts'
import { DatabaseRefused } from '../errors.ts'
import type { Binaries } from './binaries.ts'
import { readIfThere } from './connection-file.ts'
import type { Layout } from './layout.ts'
import { runProgram } from './run-program.ts'
import { initdbArguments } from './settings.ts'

/** Major version of the Postgres that we ship. */
export const POSTGRES_MAJOR = '18'

/** Makes the files of a new cluster in an empty folder: from a backup, say. */
export type FillCluster = (folder: string) => Promise<void>

/**
 * Makes the cluster on first start. It is built aside and renamed when complete, so a start that
 * was killed half-way leaves nothing that could pass for a database.
 * @throws {DatabaseRefused} when the cluster is of another major version
 */
export async function ensureCluster(
  layout: Layout,
  binaries: Binaries,
  options: { host: Host; durable: boolean; fill?: FillCluster | undefined },
): Promise<string> {
  const { host } = options
  const cluster = join(layout.home, 'cluster')
  const version = (await readIfThere(join(cluster, 'PG_VERSION')))?.trim()
  if (version === POSTGRES_MAJOR) return cluster
  if (version !== undefined) {
    throw new DatabaseRefused(
      `The database in ${cluster} was made by Postgres ${version}; this Hearth brings Postgres ` +
        `${POSTGRES_MAJOR}. Dump it with the old release and restore it into a new data folder.`,
    )
  }
  await removeUnfinished(layout.home)
  const unfinished = join(layout.home, `unfinished-${host.pid}`)
  if (options.fill === undefined) await initialize(unfinished, layout, binaries, options)
  else await fillFor(unfinished, layout, options.fill)
  await rename(unfinished, cluster)
  return cluster
}

async function initialize(
  cluster: string,
  layout: Layout,
  binaries: Binaries,
  { host, durable }: { host: Host; durable: boolean },
): Promise<void> {
  const passwordFile = join(layout.home, 'unfinished-password')
  await writeFile(passwordFile, layout.password, { mode: 0o600 })
  try {
    if (layout.account !== undefined) {
      await chown(passwordFile, layout.account.uid, layout.account.gid)
    }
    const args = initdbArguments({
      cluster,
      user: layout.user,
      passwordFile,
      durable,
    })
    await runProgram(binaries.initdb, args, { account: layout.account, host })
  } finally {
    await rm(passwordFile, { force: true })
  }
}

async function fillFor(cluster: string, layout: Layout, fill: FillCluster): Promise<void> {
  await mkdir(cluster, { mode: 0o700 })
  await fill(cluster)
  const { account } = layout
  if (account === undefined) return
  await chown(cluster, account.uid, account.gid)
  for (const entry of await readdir(cluster, { withFileTypes: true, recursive: true })) {
    await chown(join(entry.parentPath, entry.name), account.uid, account.gid)
  }
}

async function removeUnfinished(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (name.startsWith('unfinished-')) await rm(join(home, name), { recursive: true })
  }
}

/** The process id in a cluster's postmaster.pid; undefined when the file is not there. */
export async function readPostmasterPid(cluster: string): Promise<number | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  const pid = Number.parseInt(text ?? '', 10)
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
}
