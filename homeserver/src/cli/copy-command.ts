import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { BackupRefused } from '#backup/errors.ts'
import type { OnProgress } from '#backup/progress.ts'
import { UsageError, type Arguments } from './command.ts'
import { progressLine } from './progress-line.ts'
import { readSettings, type Settings } from './settings.ts'
import { stopRequest } from './stop-request.ts'

/** What `backup` and `restore` have in common. */
export interface CopySettings extends Settings {
  /** The folder that was named. */
  readonly folder: string
  /** The configuration file that is in force. */
  readonly configFile: string | undefined
  readonly signal: AbortSignal
  readonly onProgress: OnProgress
}

/** Runs a long copy that shows its progress, and ends it in order when it is interrupted. */
export async function runCopy<Result>(
  args: Arguments,
  what: string,
  copy: (settings: CopySettings) => Promise<Result>,
): Promise<Result> {
  const [folder] = args.positionals
  if (folder === undefined) throw new UsageError('which folder?')
  const settings = readSettings(args)
  const named = args.text('config') ?? 'homeserver.yaml'
  const configFile = existsSync(named) ? resolve(named) : undefined
  const stop = stopRequest(settings.logger)
  const interrupted = new AbortController()
  void stop.asked.then(() => interrupted.abort(new BackupRefused('Interrupted; nothing was kept.')))
  const line = progressLine(what)
  try {
    return await copy({
      ...settings,
      folder: resolve(folder),
      configFile,
      signal: interrupted.signal,
      onProgress: line.onProgress,
    })
  } finally {
    line.end()
    stop.dispose()
  }
}
