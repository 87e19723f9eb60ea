import { at } from '../target/json.ts'
import { takesInput } from './inputs.ts'
import { below, describedAt, entries, valueAt } from './open-api.ts'
import type { Operation } from './specification.ts'

/** What any operation may be refused with, whether its page says so or not. */
const COMMON = [
  'M_MISSING_TOKEN',
  'M_UNKNOWN_TOKEN',
  'M_FORBIDDEN',
  'M_NOT_FOUND',
  'M_NOT_JSON',
  'M_BAD_JSON',
  'M_MISSING_PARAM',
  'M_INVALID_PARAM',
  'M_TOO_LARGE',
  'M_LIMIT_EXCEEDED',
  'M_GUEST_ACCESS_FORBIDDEN',
  'M_USER_LOCKED',
  'M_USER_SUSPENDED',
  'M_USER_DEACTIVATED',
]

/** A server that has no such operation says this; it proves nothing about one that has. */
const NOT_BUILT = 'M_UNRECOGNIZED'

/** The same for every operation: the guard before it says this, and not the operation. */
const OF_THE_GUARD = ['M_MISSING_TOKEN', 'M_UNKNOWN_TOKEN']

/**
 * Whether an answer refuses what was asked, in a way that the specification has for it. A refusal of
 * the token counts only where an operation has nothing else to refuse.
 */
export function isDenial(operation: Operation, status: number, body: unknown): boolean {
  if (status < 400 || status > 499) return false
  const errcode = at(body, 'errcode')
  if (typeof errcode !== 'string' || errcode === NOT_BUILT) return false
  if (OF_THE_GUARD.includes(errcode)) {
    // without a guard, the token is one that the request is about
    if (operation.auth === 'none') return documentedErrcodes(operation).has(errcode)
    return !canRefuse(operation)
  }
  return COMMON.includes(errcode) || documentedErrcodes(operation).has(errcode)
}

/** Everything needs a denial but what is open to all, takes nothing and documents none. */
export function needsDenial(operation: Operation): boolean {
  return operation.auth !== 'none' || canRefuse(operation)
}

/** Whether an operation is asked for something, or has a rule of its own. */
function canRefuse(operation: Operation): boolean {
  if (takesInput(operation)) return true
  const place = describedAt(operation)
  return entries(at(valueAt(place), 'responses')).some(([status]) => {
    if (!/^4\d\d$/.test(status) || ['401', '429'].includes(status)) return false
    const codes = errcodesIn(valueAt(below(place, 'responses', status)))
    return codes.length === 0 || codes.some((code) => code !== NOT_BUILT)
  })
}

const documented = new Map<string, ReadonlySet<string>>()

function documentedErrcodes(operation: Operation): ReadonlySet<string> {
  const known = documented.get(operation.id)
  if (known !== undefined) return known
  const codes = new Set(errcodesIn(valueAt(describedAt(operation))))
  documented.set(operation.id, codes)
  return codes
}

/** Error codes that a description names anywhere, in prose or in examples. */
function errcodesIn(description: unknown): string[] {
  return JSON.stringify(description).match(/\bM_[A-Z0-9_]+/g) ?? []
}
