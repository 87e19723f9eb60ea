import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { maybeJson } from '#matrix/events/maybe-json.ts'
import { BackupRefused, hasCode } from './errors.ts'

/** Names inside a backup folder. */
export const LAYOUT = {
  manifest: 'manifest.json',
  /** The database cluster's files. */
  cluster: 'cluster',
  /** Everything else of the data folder, media included. */
  data: 'data',
  signingKey: 'signing.key',
  config: 'homeserver.yaml',
  /** User and password that the cluster knows. */
  credentials: 'credentials.json',
} as const

const FORMAT = 1

/** A path below the backup folder, and nowhere else. */
const path = z.string().refine((value) => {
  const parts = value.split('/')
  return !/[\\\0]/.test(value) && parts.every((part) => !['', '.', '..'].includes(part))
})

const file = z.strictObject({
  path,
  size: z.int().min(0),
  /** Hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

const schema = z.strictObject({
  format: z.literal(FORMAT),
  /** When the copy was complete, in milliseconds since 1970. */
  made_ts: z.int(),
  server_name: z.string(),
  /** The server runs in test mode. */
  test_stamp: z.boolean(),
  /** Steps of the database's schema, and the lowest version of a program that can work with it. */
  schema: z.strictObject({ version: z.int(), compat: z.int() }),
  postgres: z.strictObject({ version: z.string(), system_identifier: z.string() }),
  /** The write-ahead log that recovery replays. */
  wal: z.strictObject({ start: z.string(), stop: z.string(), timeline: z.string() }),
  /** The log's place in the backup: at least everything up to `pos` is there. */
  position: z.strictObject({ tag: z.int(), pos: z.int() }),
  /** Folders that have to be there though they may be empty. */
  folders: z.array(path),
  files: z.array(file),
})

/** What a backup consists of, and what it is a backup of. */
export type Manifest = z.infer<typeof schema>
/** A file of a backup, with `/` in its path on every system. */
export type BackupFile = z.infer<typeof file>

export async function writeManifest(
  folder: string,
  manifest: Omit<Manifest, 'format'>,
): Promise<void> {
  const text = `${JSON.stringify({ format: FORMAT, ...manifest }, null, 1)}\n`
  await writeFile(join(folder, LAYOUT.manifest), text, { mode: 0o600, flush: true })
}

/** @throws {BackupRefused} when the folder holds no complete backup that this program understands */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, LAYOUT.manifest), 'utf8').catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error
    throw new BackupRefused(
      `${folder} holds no complete backup: it has no ${LAYOUT.manifest}, which is written last.`,
    )
  })
  const value = maybeJson(text)
  if (value !== undefined && formatOf(value) > FORMAT) {
    throw new BackupRefused(
      `The backup in ${folder} was made by a newer Hearth in a format that this one does not know. ` +
        'Restore it with the Hearth that made it, or a newer one.',
    )
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new BackupRefused(`The backup in ${folder} is damaged: its ${LAYOUT.manifest} is broken.`)
}

function formatOf(value: unknown): number {
  const found = z.looseObject({ format: z.number() }).safeParse(value)
  return found.success ? found.data.format : 0
}
