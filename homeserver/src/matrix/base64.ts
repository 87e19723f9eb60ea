/**
 * Base64 without padding, as Matrix writes binary data.
 * https://spec.matrix.org/v1.19/appendices/#unpadded-base64
 */
export function encodeBase64(bytes: Buffer): string {
  return unpadded(bytes.toString('base64'))
}

/** Cuts the padding off. */
export function unpadded(base64: string): string {
  const padding = base64.indexOf('=')
  return padding < 0 ? base64 : base64.slice(0, padding)
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Decodes standard base64 with or without padding; undefined when the text is something else. */
export function decodeBase64(text: string): Buffer | undefined {
  if (!BASE64.test(text) || unpadded(text).length % 4 === 1) return undefined
  return Buffer.from(text, 'base64')
}
