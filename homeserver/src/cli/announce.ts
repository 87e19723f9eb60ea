import type { OpenDatabase } from '#db/open-database.ts'
import type { Settings } from './settings.ts'

export interface Announcement {
  readonly url: string
  readonly setupToken: string | undefined
  readonly settings: Settings
  readonly database: OpenDatabase
  /** Process ids of the server: the one to signal first, then its workers. */
  readonly servers: () => readonly number[]
}

/**
 * Prints the lines that people and test tools read from standard output; everything else is log.
 * @returns call it when the server's processes are others
 */
export function announce({
  url,
  setupToken,
  settings: { config, testMode },
  database: { embedded },
  servers,
}: Announcement): () => void {
  const where = embedded === undefined ? 'on its own server' : `in ${embedded.folder}`
  const lines = [`ready ${url}`, `Data lies in ${config.data}, the database ${where}.`]
  if (setupToken !== undefined) {
    const link = `${config.http.public_baseurl ?? url}/#/setup?token=${setupToken}`
    lines.push(`Make the first account, the administrator, here (works once): ${link}`)
  }
  // in one piece: who waits for the first line has read the others, too
  console.log(lines.join('\n'))
  if (!testMode) return () => {}
  const pids = () => {
    const postgres = embedded?.postmasterPid ?? 'external'
    console.log(`pids server=${servers().join(',')} postgres=${postgres}`)
  }
  pids()
  embedded?.onRestart(pids)
  return pids
}
