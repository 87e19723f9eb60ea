import { chown, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Host } from '#platform/host.ts'
import type { Logger } from '#platform/logger.ts'
import type { Rng } from '#platform/rng.ts'
import { DatabaseRefused } from '../errors.ts'
import { canReach, chooseAccount, type Account } from './account.ts'
import { postgresFolder, readConnection, readIfThere, writeConnection } from './connection-file.ts'

export interface LayoutOptions {
  /** The data folder, absolute. */
  readonly data: string
  /** Where clusters and programs lie that the account can't reach in the data folder (root only). */
  readonly elsewhere: string
  readonly host: Host
  readonly rng: Rng
  readonly logger: Logger
  /** What the cluster of a backup knows; given by the restore that fills this folder. */
  readonly restored?: { readonly user: string; readonly password: string } | undefined
}

export interface Layout {
  /** Holds the cluster; `DATA/postgres` unless the account can't reach that. */
  readonly home: string
  readonly account: Account | undefined
  readonly user: string
  readonly password: string
  /** The port of the last start. */
  readonly port: number | undefined
}

const ownerSchema = z.strictObject({ data: z.string() })

/**
 * Finds where this data folder's Postgres lives and who runs it, or decides both on first start.
 * @throws {DatabaseRefused} when the account can't reach the cluster, or it is another folder's
 */
export async function locate(options: LayoutOptions): Promise<Layout> {
  const { data, host } = options
  const known = await readConnection(data)
  if (known !== undefined) {
    if (known.restoring === true) throw new DatabaseRefused(unfinishedRestore(data))
    if (known.elsewhere !== undefined) await requireOwner(known.elsewhere, data)
    const home = known.elsewhere ?? postgresFolder(data)
    const account = await chooseAccount([home, data], host)
    if (account !== undefined) await requireReach(home, account)
    return { home, account, user: known.user, password: known.password, port: known.port }
  }
  const account = await chooseAccount([data], host)
  const elsewhere = account === undefined ? undefined : await prepareHome(options, account)
  const credentials = options.restored ?? { user: 'hearth', password: options.rng.id(32) }
  await writeConnection(data, {
    ...credentials,
    ...(elsewhere !== undefined && { elsewhere }),
    ...(options.restored !== undefined && { restoring: true }),
  })
  return { home: elsewhere ?? postgresFolder(data), account, ...credentials, port: undefined }
}

const unfinishedRestore = (data: string) =>
  `A restore into ${data} was not completed. Empty the folder and restore the backup again.`

/** @returns the folder outside the data folder, when the account needs one */
async function prepareHome(options: LayoutOptions, account: Account): Promise<string | undefined> {
  const { data, elsewhere } = options
  const inside = postgresFolder(data)
  if (await canReach(data, account)) {
    await chown(inside, account.uid, account.gid)
    return undefined
  }
  await mkdir(elsewhere, { recursive: true, mode: 0o755 })
  await requireReach(elsewhere, account)
  const home = join(elsewhere, options.rng.id(12).toLowerCase())
  await mkdir(home, { mode: 0o700 })
  await writeFile(join(home, 'owner.json'), `${JSON.stringify({ data })}\n`, { mode: 0o600 })
  await chown(home, account.uid, account.gid)
  options.logger.warn(
    { data, database: home, user: account.name },
    'the user that runs Postgres cannot reach the data folder; the database lies elsewhere',
  )
  return home
}

async function requireReach(folder: string, account: Account): Promise<void> {
  if (await canReach(folder, account)) return
  throw new DatabaseRefused(
    `Postgres runs as the user ${account.name}, which cannot reach ${folder}. ` +
      'Let that user pass the folders above it (chmod o+x), or run Hearth as another user than root.',
  )
}

/** A copied or moved data folder must not start, or stop, the Postgres of the original. */
async function requireOwner(home: string, data: string): Promise<void> {
  const path = join(home, 'owner.json')
  const text = await readIfThere(path)
  if (text !== undefined && ownerSchema.parse(JSON.parse(text)).data === data) return
  throw new DatabaseRefused(
    `The database of this data folder should lie in ${home}, which is missing or belongs to ` +
      `another data folder. If you moved this one, write its new path into ${path}.`,
  )
}
