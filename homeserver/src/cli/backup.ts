import { createBackup } from '#backup/create-backup.ts'
import { inWords } from '#backup/places.ts'
import { COMMON_OPTIONS, type Command } from './command.ts'
import { runCopy } from './copy-command.ts'

export const backup: Command = {
  name: 'backup',
  summary: 'Copies the database, keys and files into a new folder, also while the server runs',
  details:
    'The folder appears when it is complete. It holds the signing key and all messages: keep it as\n' +
    'safe as the server. docs/BACKUP.md tells more, and what to do for a Postgres of its own.',
  positionals: ['folder'],
  options: COMMON_OPTIONS,
  async run(args) {
    const { manifest, folder, bytes } = await runCopy(args, 'saved', (settings) =>
      createBackup({ ...settings, target: settings.folder }),
    )
    console.log(
      `Saved ${manifest.server_name} in ${folder}: ${manifest.files.length} files, ${inWords(bytes)}.`,
    )
    return 0
  },
}
