import { openDatabase } from '#db/open-database.ts'
import { COMMON_OPTIONS, type Command } from './command.ts'
import { readSettings } from './settings.ts'

export const migrate: Command = {
  name: 'migrate',
  summary: 'Brings the database up to this version without starting the server',
  details:
    'The server does the same when it starts. A schema never goes back: make a backup first.',
  options: COMMON_OPTIONS,
  async run(args) {
    await using database = await openDatabase({ ...readSettings(args), share: true })
    for (const name of database.migrated) console.log(`applied ${name}`)
    console.log('The database is up to date.')
    return 0
  },
}
