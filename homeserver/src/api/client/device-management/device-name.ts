import { storableText } from '#http/endpoint.ts'

const MAX_LENGTH = 256

/** What a user calls a device. */
export const deviceName = storableText.max(MAX_LENGTH)
