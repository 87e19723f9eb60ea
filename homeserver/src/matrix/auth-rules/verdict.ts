import type { Verdict } from './auth-rules.ts'

export const allow: Verdict = { allowed: true }

export function reject(reason: string): Verdict {
  return { allowed: false, reason }
}

/** Rejects an event that nobody could send. */
export function rejectForm(reason: string): Verdict {
  return { allowed: false, reason, malformed: true }
}

/** Allows when the condition holds, else rejects for the reason. */
export function allowIf(condition: boolean, reason: string): Verdict {
  return condition ? allow : reject(reason)
}
