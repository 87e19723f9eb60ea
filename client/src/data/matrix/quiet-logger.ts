import type { Logger } from 'matrix-js-sdk/lib/logger.js'

/** Passes on the SDK's warnings and errors; its running commentary would fill the console. */
export const quietLogger: Logger = {
  getChild: () => quietLogger,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: (...message: unknown[]) => console.warn(...message),
  error: (...message: unknown[]) => console.error(...message),
}
