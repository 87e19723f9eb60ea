import { hash } from 'node:crypto'
import type { Rng } from '#platform/rng.ts'

/** Secret characters of a token: 238 bits. */
const LENGTH = 40

/** A new token; the prefix lets secret scanners recognise it. */
export const newOpenIdToken = (rng: Rng): string => `hearth_openid_${rng.id(LENGTH)}`

/** What the database has in place of the token. */
export const openIdTokenHash = (token: string): Buffer => hash('sha256', token, 'buffer')
