import { createContext } from '#context'
import { openDatabase } from '#db/open-database.ts'
import { announce } from './announce.ts'
import type { Settings } from './settings.ts'

/** Serves with this process alone. @returns the exit code */
export async function serveAlone(settings: Settings, stop: Promise<number>): Promise<number> {
  await using database = await openDatabase(settings)
  await using context = await createContext({ ...settings, databaseUrl: database.url })
  const { http } = settings.config
  const { url } = await context.listen(http.host, http.port)
  const setupToken = await context.registration.ensureSetupToken()
  announce({ url, setupToken, settings, database, servers: () => [process.pid] })
  return await stop
}
