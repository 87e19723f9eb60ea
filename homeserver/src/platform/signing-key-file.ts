import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import {
  decodeSigningKeyFile,
  encodeSigningKeyFile,
  type SigningKey,
} from '#matrix/events/signing-key.ts'
import type { Rng } from './rng.ts'

/** The text of a new signing key file. */
export function newSigningKey(rng: Rng): string {
  return encodeSigningKeyFile(`ed25519:a_${rng.id(4)}`, rng.bytes(32))
}

/** Writes a file that only we may read; never over an existing one. */
export async function writeSecretFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text, { mode: 0o600, flag: 'wx', flush: true })
}

/**
 * The server's signing key; made when the file is not there.
 * @throws {TypeError} when the file holds something else
 */
export async function readOrMakeSigningKey(path: string, rng: Rng): Promise<SigningKey> {
  try {
    await writeSecretFile(path, newSigningKey(rng))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return decodeSigningKeyFile(await readFile(path, 'utf8'))
}
