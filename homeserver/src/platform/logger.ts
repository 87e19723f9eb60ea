import { pino, type Logger as PinoLogger } from 'pino'

export type Logger = Pick<PinoLogger, 'trace' | 'debug' | 'info' | 'warn' | 'error'> & {
  child(bindings: Record<string, unknown>): Logger
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** The process logger: one JSON line an entry on standard error, secrets redacted by key. */
export function createLogger(level: LogLevel): Logger {
  return pino(
    {
      level,
      base: null,
      redact: {
        paths: ['access_token', 'password', 'token', '*.access_token', '*.password', '*.token'],
        censor: '[redacted]',
      },
    },
    pino.destination(2),
  )
}
