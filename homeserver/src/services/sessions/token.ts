import { hash } from 'node:crypto'
import type { Rng } from '#platform/rng.ts'

/** Secret characters of a token: 238 bits. */
const LENGTH = 40

/** A new token; the prefix lets secret scanners recognise it. */
export const newToken = (rng: Pick<Rng, 'id'>, prefix: string): string =>
  `${prefix}_${rng.id(LENGTH)}`

export const newAccessToken = (rng: Rng): string => newToken(rng, 'hearth')

/** A new token that is only good for getting the next access token. */
export const newRefreshToken = (rng: Rng): string => newToken(rng, 'hearth_refresh')

/**
 * What the caches hold in place of the token, a byte per character: as text it costs a third of
 * what it does as a buffer.
 */
export const tokenHash = (token: string): string => hash('sha256', token, 'binary')

/** The same for the database. */
export const hashColumn = (tokenHash: string): Buffer => Buffer.from(tokenHash, 'binary')

/** What the database has in place of the token. */
export const databaseHash = (token: string): Buffer => hash('sha256', token, 'buffer')
