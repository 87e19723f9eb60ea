import type { Platform } from '#platform/platform.ts'
import type { Authenticator } from '../model/auth.ts'
import { findHomeserver } from './homeserver-discovery.ts'
import { register, registrationMode, signIn } from './registration.ts'

/** The authenticator over real homeservers. */
export function createAuthenticator(platform: Platform): Authenticator {
  const { origin, deviceName } = platform
  return {
    findHomeserver: (input) => findHomeserver(input, origin),
    signIn: (url, login) => signIn(url, { ...login, deviceName }),
    registrationMode,
    register: (url, account) => register(url, { ...account, deviceName }),
  }
}
