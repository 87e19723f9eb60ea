/** Every fast suite: its title, its workspace, and arguments of vitest in that workspace. */
const FAST = [
  ['homeserver', 'homeserver', []],
  ['client', 'client', []],
  ['gate', 'spec-tests', ['--project', 'gate']],
  ['client-server', 'spec-tests', ['--project', 'client-server']],
  ['interop', 'spec-tests', ['--project', 'interop']],
  ['faults', 'spec-tests', ['--project', 'faults']],
  ['browser', 'spec-tests', ['--project', 'browser']],
]

/** What of the homeserver's tests touches a database, for a run against a Postgres that is not ours. */
export const ON_POSTGRES = 'homeserver on Postgres 15'
const DATABASE_TESTS = [
  '--project=integration',
  'src/',
  'test/admin/',
  'test/client-authentication/',
  'test/generated/schema',
  'test/migrations/',
  'test/rooms/',
  'test/send-to-device/',
  'test/sync/',
  'test/user-data/',
]

export const SUITES = [...FAST, [ON_POSTGRES, 'homeserver', DATABASE_TESTS]].map(
  ([title, workspace, args]) => ({ title, workspace, args }),
)

/**
 * The order: steps, whose lanes run side by side. What waits for a database to come back, or for one
 * browser, leaves a processor to others.
 */
export const STEPS = [
  [['homeserver']],
  [
    ['faults', ON_POSTGRES],
    ['client', 'gate', 'client-server', 'interop', 'browser'],
  ],
]
