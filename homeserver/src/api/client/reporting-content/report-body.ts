import { storableText } from '#http/endpoint.ts'

/** Why something is reported. */
export const reason = storableText

/** Reports are kept, so that they may not be of any length. */
export const MAX_REPORT_BYTES = 16_384
