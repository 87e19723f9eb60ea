import type { Failure } from '#lib/errors.ts'
import { t } from './t.ts'

/** What happened and what to do; for unforeseen errors with the server's own sentence. */
export function failureText(failure: Failure): string {
  const message = t(`error.${failure.code}`)
  const tells = ['unknown', 'forbidden', 'password-weak', 'username-invalid', 'not-found']
  if (failure.detail === '' || !tells.includes(failure.code)) return message
  return t('error.with-detail', { message, detail: failure.detail })
}
