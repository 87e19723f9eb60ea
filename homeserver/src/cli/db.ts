import { createDb } from '#db/db.ts'
import { openDatabase } from '#db/open-database.ts'
import { newEpoch } from '#log/epochs/new-epoch.ts'
import { COMMON_OPTIONS, UsageError, type Command } from './command.ts'
import { readSettings } from './settings.ts'

export const db: Command = {
  name: 'db',
  summary: 'Works on the database; so far: db new-epoch',
  details:
    'new-epoch  Tells clients that the end of the history may be lost: those that saw more than the\n' +
    '           database holds are given a full sync. Run it before the first start after a disk\n' +
    '           image, a file system snapshot or a copied folder was put back. hearth restore, a\n' +
    '           failover and a restored dump need it not: the server notices those by itself.',
  positionals: ['action'],
  options: COMMON_OPTIONS,
  async run(args) {
    const [action] = args.positionals
    if (action !== 'new-epoch') throw new UsageError('which action? There is: new-epoch')
    const settings = readSettings(args)
    await using database = await openDatabase({ ...settings, share: true })
    const connection = createDb({ url: database.url, logger: settings.logger, size: 1 })
    try {
      const { tag, pos } = await newEpoch(connection)
      console.log(`Began epoch ${tag} at position ${pos}.`)
    } finally {
      await connection.destroy()
    }
    return 0
  },
}
