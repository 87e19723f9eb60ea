import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Host } from '#platform/host.ts'
import { DatabaseRefused } from '../errors.ts'

/** The unprivileged user that Postgres runs as when we are root. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

const CANDIDATES = ['hearth', 'postgres', 'nobody']

/**
 * Postgres refuses to run as root: then it gets the owner of the first folder that is not root's,
 * or else a system user.
 * @returns undefined when we are not root and simply run it ourselves
 * @throws {DatabaseRefused} when root finds no other user
 */
export async function chooseAccount(
  folders: readonly string[],
  host: Host,
): Promise<Account | undefined> {
  if (host.uid !== 0) return undefined
  for (const folder of folders) {
    const { uid, gid } = await stat(folder)
    if (uid !== 0) return { name: `#${uid}`, uid, gid }
  }
  const accounts = await systemAccounts()
  for (const name of CANDIDATES) {
    const account = accounts.find((candidate) => candidate.name === name)
    if (account !== undefined) return account
  }
  throw new DatabaseRefused(
    'Hearth runs as root, and its Postgres must not. Run Hearth as another user, or create ' +
      'the system user "hearth" (useradd --system hearth).',
  )
}

async function systemAccounts(): Promise<Account[]> {
  const text = await readFile('/etc/passwd', 'utf8')
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    if (name === undefined || uid === undefined || gid === undefined) return []
    return [{ name, uid: Number(uid), gid: Number(gid) }]
  })
}

/**
 * True when the account may walk down to the path and has the wanted rights (octal digit) there,
 * judged by the mode bits.
 */
export async function canReach(target: string, account: Account, wanted = 0o1): Promise<boolean> {
  for (let path = target; ; path = dirname(path)) {
    const { mode, uid, gid } = await stat(path)
    const needed = path === target ? wanted : 0o1
    const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0
    if (((mode >> shift) & needed) !== needed) return false
    if (dirname(path) === path) return true
  }
}
