import { createContext } from '#context'
import { openDatabase } from '#db/open-database.ts'
import { COMMON_OPTIONS, UsageError, type Command } from './command.ts'
import { readNewPassword } from './password.ts'
import { readSettings } from './settings.ts'

export const createUser: Command = {
  name: 'create-user',
  summary: 'Makes an account',
  details:
    'Works whether the server runs or not. The password is asked for, or read from standard input.',
  positionals: ['username'],
  options: {
    ...COMMON_OPTIONS,
    admin: { describe: 'make the account an administrator' },
    'password-file': { value: 'FILE', describe: 'read the password from this file' },
  },
  async run(args) {
    const [username] = args.positionals
    if (username === undefined) throw new UsageError('which username?')
    const settings = readSettings(args)
    const password = await readNewPassword(args.text('password-file'))
    await using database = await openDatabase({ ...settings, share: true })
    await using context = await createContext({ ...settings, databaseUrl: database.url })
    const { userId } = await context.accounts.create({
      localpart: username,
      password,
      admin: args.has('admin'),
    })
    console.log(`Made ${userId}.`)
    return 0
  },
}
