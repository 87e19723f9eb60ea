import type { KeyValueStore } from '#lib/key-value-store.ts'
import type { Credentials, SessionStore } from './model/auth.ts'

const KEY = 'hearth.session'
const FIELDS = ['homeserverUrl', 'userId', 'deviceId', 'accessToken'] as const

function parse(text: string): Credentials | undefined {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) return undefined
  const fields = new Map<string, unknown>(Object.entries(value))
  const [homeserverUrl, userId, deviceId, accessToken] = FIELDS.map((name) => {
    const field = fields.get(name)
    return typeof field === 'string' ? field : ''
  })
  if (!homeserverUrl || !userId || !deviceId || !accessToken) return undefined
  return { homeserverUrl, userId, deviceId, accessToken }
}

/** Keeps the session in the platform's storage. Unreadable contents count as no session. */
export function createSessionStore(storage: KeyValueStore): SessionStore {
  return {
    load() {
      const text = storage.get(KEY)
      if (text === undefined) return undefined
      try {
        return parse(text)
      } catch {
        return undefined
      }
    },
    save: (credentials) => storage.set(KEY, JSON.stringify(credentials)),
    clear: () => storage.remove(KEY),
  }
}
