import type { Logger } from 'matrix-js-sdk/lib/logger.js'

/** Takes in what the SDK says; tests read it where the SDK speaks instead of throwing. */
export class SdkLogger implements Logger {
  readonly warnings: string[] = []

  getChild(): this {
    return this
  }

  trace(): void {
    // the SDK's running commentary
  }

  debug(): void {
    // the SDK's running commentary
  }

  info(): void {
    // the SDK's running commentary
  }

  warn(...message: unknown[]): void {
    this.warnings.push(message.map(String).join(' '))
  }

  error(...message: unknown[]): void {
    this.warnings.push(message.map(String).join(' '))
  }
}
