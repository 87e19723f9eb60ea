import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { DatabaseRefused } from '../errors.ts'

const schema = z.strictObject({
  user: z.string(),
  password: z.string(),
  /** Chosen at the first start, and again only when something else took it. */
  port: z.int().optional(),
  /** The folder that holds the cluster when it can't be in the data folder. */
  elsewhere: z.string().optional(),
  /** A restore into this folder began and has not been completed. */
  restoring: z.literal(true).optional(),
})

/** What a data folder remembers of its Postgres, in `postgres/connection.json`, mode 0600. */
export type Connection = z.infer<typeof schema>

/** The folder in the data folder that belongs to Postgres. */
export const postgresFolder = (data: string) => join(data, 'postgres')

/**
 * @returns undefined before the first start
 * @throws {DatabaseRefused} when the file can't be understood
 */
export async function readConnection(data: string): Promise<Connection | undefined> {
  const path = join(postgresFolder(data), 'connection.json')
  const text = await readIfThere(path)
  if (text === undefined) return undefined
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw new DatabaseRefused(`${path} is damaged (${String(error)}); restore it from a backup.`)
  }
}

/** Replaces the file as a whole: a crash leaves the old or the new one. */
export async function writeConnection(data: string, connection: Connection): Promise<void> {
  const path = join(postgresFolder(data), 'connection.json')
  await writeFile(`${path}.new`, `${JSON.stringify(connection)}\n`, { mode: 0o600, flush: true })
  await rename(`${path}.new`, path)
}

export function connectionUrl(connection: { user: string; password: string; port: number }) {
  const { user, password, port } = connection
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`
}

export async function readIfThere(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
}
