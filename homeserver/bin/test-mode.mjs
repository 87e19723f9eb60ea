import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * What `npm run serve:test` means: a configuration with the explicit test-mode block for the
 * server name localhost:PORT, and the environment variable that has to agree with it.
 */
export function prepareTestMode(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      port: { type: 'string', default: '8008' },
      data: { type: 'string' },
      workers: { type: 'string', default: '1' },
      'log-level': { type: 'string', default: 'warn' },
    },
  })
  const name = `localhost:${values.port}`
  const data =
    values.data === undefined
      ? mkdtempSync(join(tmpdir(), 'hearth-serve-test-'))
      : resolve(values.data)
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const file = join(data, 'test-mode.yaml')
  writeFileSync(file, testConfig(name, Number(values.port), values['log-level']), { mode: 0o600 })
  return {
    args: ['--config', file, '--data', data, '--workers', values.workers],
    env: { HEARTH_UNSAFE_TEST_MODE: name },
  }
}

const testConfig = (
  name,
  port,
  logLevel,
) => `# Written by npm run serve:test. For throw-away servers only.
server_name: "${name}"
http:
  host: 127.0.0.1
  port: ${port}
  access_token_query: all
logging:
  level: ${logLevel}
unsafe_test_mode:
  confirm: "unsafe ${name}"
  open_dummy_registration: true
  weak_shared_secret: complement
  no_rate_limits: true
  cheap_password_hash: true
`
