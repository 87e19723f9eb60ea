import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadConfig, parseConfig } from './load.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearth-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('without a file', () => {
  test('every setting has a default', () => {
    expect(loadConfig({ cwd: folder, env: {} })).toMatchObject({
      server_name: 'localhost',
      data: join(folder, '.data'),
      signing_key_file: join(folder, '.data', 'signing.key'),
      http: { host: '127.0.0.1', port: 8008, keep_alive_s: 120 },
      registration: { mode: 'token' },
    })
    expect(loadConfig({ cwd: folder, env: {} }).database).toBeUndefined()
  })
})

describe('a mistake is reported with its line', () => {
  const problems = (text: string, env = {}) => {
    try {
      parseConfig(text, { name: 'c.yaml', env })
    } catch (error) {
      return String(error instanceof Error ? error.message : error)
    }
    return 'accepted'
  }

  test.each([
    ['an unknown setting', 'server_name: a\nfoo: 1', 'c.yaml:2: foo: there is no such setting.'],
    [
      'an unknown setting in a section',
      'http:\n  port: 1\n  prot: 2',
      'c.yaml:3: http.prot: there is no such setting.',
    ],
    [
      'a wrong type',
      'http:\n  port: eighty',
      'c.yaml:2: http.port: Invalid input: expected number',
    ],
    ['a wrong section', 'http: 8008', 'c.yaml:1: http: Invalid input: expected object'],
    ['a wrong choice', '\n\nlogging: { level: loud }', 'c.yaml:3: logging.level: Invalid option'],
    ['a wrong server name', 'server_name: "a b"', 'c.yaml:1: server_name: Not a server name'],
    ['broken YAML', 'http:\n  port: 1\n port: 2', 'c.yaml:3:'],
    ['a key given twice', 'data: a\ndata: b', 'c.yaml:2: Map keys must be unique'],
    [
      'an unset variable',
      'http:\n  port: ${NOPE}',
      'c.yaml:2: the environment variable NOPE is not set.',
    ],
    ['a missing secret file', 'database:\n  url_file: ./none', 'c.yaml:2: Error: ENOENT'],
  ])('%s', (_what, text, message) => {
    expect(problems(text)).toContain(message)
  })

  test('all mistakes at once', () => {
    expect(problems('a: 1\nb: 2\nhttp: { port: -1 }').split('\n')).toHaveLength(3)
  })
})

describe('the environment', () => {
  test('fills values, typed as if they stood there', () => {
    const config = parseConfig('server_name: ${NAME}.test\nhttp:\n  port: ${PORT}', {
      env: { NAME: 'hearth', PORT: '81' },
    })
    expect(config).toMatchObject({ server_name: 'hearth.test', http: { port: 81 } })
  })

  test('cannot smuggle structure into a value', () => {
    const config = parseConfig('data: ${DATA}', {
      env: { DATA: 'x\nserver_name: evil' },
      cwd: '/c',
    })
    expect(config).toMatchObject({ server_name: 'localhost', data: '/c/x\nserver_name: evil' })
  })

  test('never reaches the test mode', () => {
    const config = parseConfig('unsafe_test_mode: { confirm: "${OK}" }', {
      env: { OK: 'unsafe x' },
    })
    expect(config.unsafe_test_mode?.confirm).toBe('${OK}')
  })
})

test('a secret may stand in a file, not in both places', () => {
  writeFileSync(join(folder, 'url'), 'postgres://u:p@db/hearth\n')
  const file = join(folder, 'c.yaml')
  writeFileSync(file, 'database:\n  url_file: ./url\n')
  expect(loadConfig({ file, cwd: '/', env: {} }).database?.url).toBe('postgres://u:p@db/hearth')
  writeFileSync(file, 'database:\n  url: postgres://x/y\n  url_file: ./url\n')
  expect(() => loadConfig({ file, cwd: '/', env: {} })).toThrow(/not both/)
})

test('the file is found in the working directory, and the command line goes before it', () => {
  writeFileSync(join(folder, 'homeserver.yaml'), 'http: { port: 1 }\ndata: ./d\n')
  expect(loadConfig({ cwd: folder, env: {} })).toMatchObject({
    http: { port: 1 },
    data: join(folder, 'd'),
  })
  const overrides = { host: '::1', port: 9, data: 'elsewhere' }
  expect(loadConfig({ cwd: folder, env: {}, overrides })).toMatchObject({
    http: { host: '::1', port: 9 },
    data: join(folder, 'elsewhere'),
  })
})

test('an asked-for file must be there', () => {
  expect(() => loadConfig({ file: 'none.yaml', cwd: folder, env: {} })).toThrow(/can't be read/)
})
