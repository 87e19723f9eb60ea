import type { Logger } from '#platform/logger.ts'

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
/** What an orderly stop may take before the process ends all the same. */
const PATIENCE_MS = 30_000

export interface StopRequest {
  /** Resolves with the exit code once somebody wants the process to end. */
  readonly asked: Promise<number>
  dispose(): void
}

/**
 * Turns signals, the launcher's death and errors that nobody caught into one request to stop.
 * Repeated signals change nothing: Ctrl-C reaches the whole process group, and the launcher
 * passes on what it gets, so one key press may arrive twice.
 */
export function stopRequest(
  logger: Logger,
  signals: readonly NodeJS.Signals[] = SIGNALS,
): StopRequest {
  const { promise, resolve } = Promise.withResolvers<number>()
  const ask = (code: number) => {
    setTimeout(() => {
      logger.error('the orderly stop takes too long')
      process.exit(1)
    }, PATIENCE_MS).unref()
    resolve(code)
  }
  const onSignal = () => ask(0)
  const onError = (error: unknown) => {
    logger.error({ err: error }, 'an error that nobody caught: stopping')
    ask(1)
  }
  for (const signal of signals) process.on(signal, onSignal)
  process.on('disconnect', onSignal)
  process.on('uncaughtException', onError)
  return {
    asked: promise,
    dispose() {
      for (const signal of signals) process.off(signal, onSignal)
      process.off('disconnect', onSignal)
      process.off('uncaughtException', onError)
    },
  }
}
