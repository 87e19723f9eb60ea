/**
 * What our Postgres runs with, given on its command line at each start so that an update of
 * Hearth updates them too. Durability is never traded: fsync, full_page_writes and
 * synchronous_commit keep their default, on.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // ten or so for each worker; unused ones cost next to nothing
  max_connections: '200',
  shared_buffers: '96MB',
  // a short page read by a worker process costs more than it saves on a small server
  io_method: 'sync',
  max_wal_size: '512MB',
  // short statements only: compiling them would cost more than running them
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  // errors reach us on the connection; their DETAIL would put users' data into the log
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  cluster_name: 'hearth',
}

/** For tests whose data nobody misses. */
const THROW_AWAY: Readonly<Record<string, string>> = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
}

export function postgresArguments(options: {
  cluster: string
  port: number
  durable: boolean
}): string[] {
  const settings = Object.entries({ ...SETTINGS, ...(options.durable ? {} : THROW_AWAY) })
  return [
    '-D',
    options.cluster,
    '-p',
    String(options.port),
    ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
}

/** UTF-8 with code-point order and Unicode case rules, whatever locales the machine has. */
export function initdbArguments(options: {
  cluster: string
  user: string
  passwordFile: string
  durable: boolean
}): string[] {
  return [
    '-D',
    options.cluster,
    `--username=${options.user}`,
    `--pwfile=${options.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--no-instructions',
    ...(options.durable ? [] : ['--no-sync']),
  ]
}
