/** A backup can't be made or restored for a reason that the operator can mend: say it and exit. */
export class BackupRefused extends Error {
  constructor(message: string, cause?: unknown) {
    super(message)
    this.name = 'BackupRefused'
    if (cause !== undefined) this.cause = cause
  }
}

/** True when the system says so, by code: `ENOENT`, `ENOSPC`, … */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

/** A full disk as a sentence; anything else as it is. */
export function explainFullDisk(error: unknown, folder: string): unknown {
  if (!hasCode(error, 'ENOSPC', 'EDQUOT')) return error
  return new BackupRefused(`No space is left for ${folder}; nothing of it was kept.`)
}
