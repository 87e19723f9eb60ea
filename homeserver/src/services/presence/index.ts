import { PresenceReader, type PresenceReaderDeps } from './presence-reader.ts'
import { Presence, type PresenceDeps } from './presence.ts'

export type { PresencePart, PresenceReader } from './presence-reader.ts'

/** Makes the service, one per worker; undefined where the configuration leaves presence off. */
export function createPresence(
  deps: PresenceDeps &
    PresenceReaderDeps & { readonly config: { readonly presence: { readonly enabled: boolean } } },
) {
  if (!deps.config.presence.enabled) return undefined
  const service = new Presence(deps)
  return { service, reader: new PresenceReader(service.table, deps) }
}
