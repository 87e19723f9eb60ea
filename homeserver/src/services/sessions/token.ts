import { hash } from 'node:crypto'
import type { Rng } from '#platform/rng.ts'

/** Secret characters of a token: 238 bits. */
const LENGTH = 40

/** A new access token; the prefix lets secret scanners recognise it. */
export const newAccessToken = (rng: Rng): string => `hearth_${rng.id(LENGTH)}`

/** A new token that is only good for getting the next access token. */
export const newRefreshToken = (rng: Rng): string => `hearth_refresh_${rng.id(LENGTH)}`

/** A new token that is good for one login. */
export const newLoginToken = (rng: Rng): string => `hearth_login_${rng.id(LENGTH)}`

/**
 * What the caches hold in place of the token, a byte per character: as text it costs a third of
 * what it does as a buffer.
 */
export const tokenHash = (token: string): string => hash('sha256', token, 'binary')

/** The same for the database. */
export const hashColumn = (tokenHash: string): Buffer => Buffer.from(tokenHash, 'binary')
