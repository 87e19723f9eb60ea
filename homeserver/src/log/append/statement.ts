import type { Statement } from '#db/pipelined-client.ts'
import { parseNumberArray } from './array-literal.ts'

/** How many columns each kind of item has among the parameters of `hs_append`, in its order. */
const COLUMNS = { batch: 2, rooms: 4, events: 25, highlights: 2, others: 22 } as const

/** Takes every column of a batch. */
export const APPEND: Statement = {
  name: 'append',
  text: appendText(placeholders(1, 55)),
}

/**
 * The same for a batch of nothing but events without highlights, which nearly all are: what is empty
 * stands in the text, so that neither side has to write and read two dozen empty lists.
 */
export const APPEND_EVENTS: Statement = {
  name: 'append_events',
  text: appendText([
    ...placeholders(1, COLUMNS.batch),
    ...empty(COLUMNS.rooms),
    ...placeholders(COLUMNS.batch + 1, COLUMNS.events),
    ...empty(COLUMNS.highlights + COLUMNS.others),
  ]),
}

function placeholders(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `$${first + n}`)
}

function empty(count: number): string[] {
  return Array.from({ length: count }, () => "'{}'")
}

function appendText(parameters: readonly string[]): string {
  return `SELECT base, head, g_outcome::text, g_event, e_pos::text, e_seq::text, e_line::text,
      e_sidx::text, e_replaces::text, e_redacted::text, c_pos::text, a_pos::text, t_pos::text,
      m_reached::text, i_pos::text
    FROM hs_append(${parameters.join(', ')})`
}

export interface AppendRow {
  readonly base: number
  readonly head: number
  readonly g_outcome: string
  readonly g_event: (string | null)[] | null
  readonly e_pos: string | null
  readonly e_seq: string | null
  readonly e_line: string | null
  readonly e_sidx: string | null
  readonly e_replaces: string | null
  readonly e_redacted: string | null
  readonly c_pos: string | null
  readonly a_pos: string | null
  readonly t_pos: string | null
  readonly m_reached: string | null
  readonly i_pos: string | null
}

/** Numbers of the outcomes in the answer. */
export const Outcome = { ok: 0, exists: 1, duplicate: 2, conflict: 3 } as const

/** What `hs_append` answered; lists are in the order of the batch's items. */
export interface AppendResult {
  readonly base: number
  readonly head: number
  readonly outcomes: readonly (number | undefined)[]
  readonly duplicates: readonly (string | null)[]
  readonly events: {
    readonly pos: readonly (number | undefined)[]
    readonly seq: readonly (number | undefined)[]
    readonly line: readonly (number | undefined)[]
    readonly idx: readonly (number | undefined)[]
    readonly replaces: readonly (number | undefined)[]
    readonly redacted: readonly (number | undefined)[]
  }
  readonly receipts: readonly (number | undefined)[]
  readonly accountData: readonly (number | undefined)[]
  readonly toDevice: readonly (number | undefined)[]
  /** The devices that messages reached. */
  readonly inboxes: readonly (number | undefined)[]
  readonly invalidations: readonly (number | undefined)[]
}

/** Events that replace or redact nothing. */
export const NO_CHANGES = { replaces: [], redacted: [] } as const

/** The rest of an answer to nothing but new events. */
export const NOTHING_ELSE = {
  duplicates: [],
  receipts: [],
  accountData: [],
  toDevice: [],
  inboxes: [],
  invalidations: [],
} as const

export function decodeResult(row: AppendRow): AppendResult {
  return {
    base: row.base,
    head: row.head,
    outcomes: parseNumberArray(row.g_outcome),
    duplicates: row.g_event ?? [],
    events: {
      pos: parseNumberArray(row.e_pos),
      seq: parseNumberArray(row.e_seq),
      line: parseNumberArray(row.e_line),
      idx: parseNumberArray(row.e_sidx),
      replaces: parseNumberArray(row.e_replaces),
      redacted: parseNumberArray(row.e_redacted),
    },
    receipts: parseNumberArray(row.c_pos),
    accountData: parseNumberArray(row.a_pos),
    toDevice: parseNumberArray(row.t_pos),
    inboxes: parseNumberArray(row.m_reached),
    invalidations: parseNumberArray(row.i_pos),
  }
}
