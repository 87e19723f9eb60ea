import type { TestUser } from '../harness/user.ts'

/** Proves the password in the request itself. */
export const passwordAuth = ({ userId }: TestUser, password = 'a password') => ({
  type: 'm.login.password',
  identifier: { type: 'm.id.user', user: userId },
  password,
})
