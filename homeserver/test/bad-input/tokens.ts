import { text, type TestUser } from '../harness/user.ts'

/** Tokens of every operation that gives any, and what looks like some. */
export interface Tokens {
  readonly nonsense: string
  readonly empty: string
  readonly proto: string
  readonly long: string
  readonly sync: string
  /** Of `/sync`, before all that has happened since. */
  readonly stale: string
  readonly future: string
  readonly otherHistory: string
  /** Of `/messages`. */
  readonly page: string
  readonly futurePage: string
  readonly publicRooms: string
  readonly notifications: string
  readonly mutualRooms: string
  readonly hierarchy: string
  readonly search: string
}
export type TokenKind = keyof Tokens

const encoded = (token: string) => Buffer.from(token).toString('base64url')

/** @param stale a token of `/sync` */
export async function tokensOf(user: TestUser, stale: string, room: string): Promise<Tokens> {
  const sync = text(await user.sync(), 'next_batch')
  return {
    nonsense: 'nonsense',
    empty: '',
    proto: '__proto__',
    long: '9'.repeat(1000),
    sync,
    stale,
    future: sync.replace(/_(\d+)/, (_, pos: string) => `_${Number(pos) + 1_000_000}`),
    otherHistory: sync.replace(/^s\d+/, 's999'),
    page: 't1_1',
    futurePage: `t${'9'.repeat(15)}_${'9'.repeat(15)}`,
    publicRooms: `n${'9'.repeat(9)}_${'9'.repeat(15)}`,
    notifications: '9'.repeat(15),
    mutualRooms: `m${'9'.repeat(15)}`,
    hierarchy: encoded(`9999 9999 s ${room}`),
    search: encoded(JSON.stringify({ before: 2 ** 53 - 1, count: 2 ** 53 - 1 })),
  }
}
