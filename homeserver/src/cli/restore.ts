import { restoreBackup } from '#backup/restore-backup.ts'
import { COMMON_OPTIONS, type Command } from './command.ts'
import { runCopy } from './copy-command.ts'

export const restore: Command = {
  name: 'restore',
  summary: 'Puts a backup into an empty data folder',
  details:
    'Verifies the backup first. What happened after the backup is lost: clients that saw it are\n' +
    'given a full sync. Never let the old and the restored server run at the same time.',
  positionals: ['folder'],
  options: COMMON_OPTIONS,
  async run(args) {
    const { config, result } = await runCopy(args, 'restored', async (settings) => ({
      config: settings.config,
      result: await restoreBackup({
        ...settings,
        source: settings.folder,
        isConfigured: settings.configFile !== undefined,
      }),
    }))
    const made = new Date(result.manifest.made_ts).toISOString()
    console.log(`Restored ${result.manifest.server_name} as of ${made} into ${config.data}.`)
    if (result.configFile !== undefined) {
      console.log(`The configuration of that time lies in ${result.configFile}.`)
    }
    return 0
  },
}
