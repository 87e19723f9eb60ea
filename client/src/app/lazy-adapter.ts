import type { Account, Authenticator, Credentials } from '#data/index.ts'
import type { Platform } from '#platform/platform.ts'
import { mark } from './marks.ts'

/** Loads the Matrix adapter, by far the largest part of the code, on first use. */
async function adapter() {
  const loaded = await import('#data/matrix/index.ts')
  mark('sdk-loaded')
  return loaded
}

/** An authenticator whose code is loaded when the first of its methods is called. */
export function lazyAuthenticator(platform: Platform): Authenticator {
  const load = async (): Promise<Authenticator> => (await adapter()).createAuthenticator(platform)
  return {
    findHomeserver: async (input) => (await load()).findHomeserver(input),
    signIn: async (url, login) => (await load()).signIn(url, login),
    registrationMode: async (url) => (await load()).registrationMode(url),
    register: async (url, account) => (await load()).register(url, account),
  }
}

/** Opens an account, loading the adapter first. */
export async function lazyOpenAccount(
  credentials: Credentials,
  platform: Platform,
): Promise<Account> {
  return (await adapter()).openAccount(credentials, platform)
}
