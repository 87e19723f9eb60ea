import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { POSTGRES_MAJOR } from '#db/embedded/cluster.ts'
import { migrations } from '#db/migrations/index.ts'
import { BackupRefused, hasCode } from './errors.ts'
import { LAYOUT, readManifest, type BackupFile, type Manifest } from './manifest.ts'

export interface VerifyOptions {
  readonly config: { readonly server_name: string }
  readonly isConfigured: boolean
  readonly signal: AbortSignal
}

/**
 * Reads the whole backup and compares it with its manifest, before anything is put in place.
 * @throws {BackupRefused} naming what is wrong
 */
export async function verifyBackup(source: string, options: VerifyOptions): Promise<Manifest> {
  const found = await stat(source).catch(() => undefined)
  if (found?.isDirectory() !== true) throw new BackupRefused(`There is no backup in ${source}.`)
  const manifest = await readManifest(source)
  requireKnown(manifest)
  requireOwn(manifest, options)
  for (const name of [LAYOUT.credentials, LAYOUT.signingKey, `${LAYOUT.cluster}/backup_label`]) {
    if (manifest.files.some(({ path }) => path === name)) continue
    throw new BackupRefused(`The backup in ${source} is damaged: it lacks ${name}.`)
  }
  // sizes first: a half copied backup is told at once
  for (const file of manifest.files) await requireSize(source, file)
  for (const file of manifest.files) await requireHash(source, file, options.signal)
  return manifest
}

function requireKnown(manifest: Manifest): void {
  const major = manifest.postgres.version.split('.')[0]
  if (major !== POSTGRES_MAJOR) {
    throw new BackupRefused(
      `The backup was made by Postgres ${major}; this Hearth brings Postgres ${POSTGRES_MAJOR}. ` +
        'Restore it with the Hearth that made it.',
    )
  }
  if (manifest.schema.compat <= migrations.length) return
  throw new BackupRefused(
    `The backup's database has schema version ${manifest.schema.version}, which needs a server that ` +
      `knows version ${manifest.schema.compat}; this one knows ${migrations.length}. ` +
      'Restore it with the newer Hearth.',
  )
}

function requireOwn(manifest: Manifest, options: VerifyOptions): void {
  const { server_name } = options.config
  if (!options.isConfigured || manifest.server_name === server_name) return
  throw new BackupRefused(
    `The backup belongs to the server name "${manifest.server_name}", the configuration says ` +
      `"${server_name}". A server name can never change; correct server_name.`,
  )
}

async function requireSize(source: string, file: BackupFile): Promise<void> {
  const { size } = await stat(join(source, file.path)).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error
    throw new BackupRefused(`The backup in ${source} is damaged: ${file.path} is missing.`)
  })
  if (size === file.size) return
  throw new BackupRefused(
    `The backup in ${source} is damaged: ${file.path} has ${size} bytes instead of ${file.size}.`,
  )
}

async function requireHash(source: string, file: BackupFile, signal: AbortSignal): Promise<void> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(join(source, file.path))) {
    signal.throwIfAborted()
    if (piece instanceof Uint8Array) hash.update(piece)
  }
  if (hash.digest('hex') === file.sha256) return
  throw new BackupRefused(
    `The backup in ${source} is damaged: the content of ${file.path} has changed.`,
  )
}
