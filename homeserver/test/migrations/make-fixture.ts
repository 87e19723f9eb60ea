// Makes the dump of an older build's database, with a little data in it. How: CONTRIBUTING.md, "a
// migration". Run in a work tree of that build: node make-fixture.ts <folder of Postgres programs>
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { startSeparatePostgres } from '../harness/separate-postgres.ts'

const [programs = '/usr/lib/postgresql/15/bin', build = '.'] = process.argv.slice(2)
const SERVER_NAME = 'fixture.example'

await using postgres = await startSeparatePostgres(programs)
const administrator = new pg.Client({ connectionString: postgres.url })
await administrator.connect()
await administrator.query('CREATE DATABASE fixture')
await administrator.end()
const database = postgres.url.replace(/[^/]+$/, 'fixture')
const folder = mkdtempSync(join(tmpdir(), 'hearth-fixture-'))
const config = join(folder, 'homeserver.yaml')
writeFileSync(
  config,
  `server_name: ${SERVER_NAME}\ndata: ${folder}\nlogging: { level: warn }\ndatabase:\n  url: ${database}\n`,
)
const hearth = (...args: string[]) => [
  resolve(build, 'homeserver/src/main.ts'),
  ...args,
  '--config',
  config,
]
execFileSync(process.execPath, hearth('create-user', 'alice', '--admin'), {
  input: 'a password\n',
})
execFileSync(process.execPath, hearth('create-user', 'bob'), { input: 'a password\n' })
const server = spawn(process.execPath, hearth('serve', '--port', '0'), {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const url = await new Promise<string>((found) => {
  createInterface({ input: server.stdout }).on('line', (line) => {
    const ready = /^ready (\S+)$/.exec(line)
    if (ready?.[1] !== undefined) found(ready[1])
  })
})

type Json = Readonly<Record<string, unknown>>

async function call(method: string, path: string, token?: string, body?: Json): Promise<Json> {
  const response = await fetch(`${url}/_matrix/client/v3${path}`, {
    method,
    body: body === undefined ? null : JSON.stringify(body),
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
  return (await response.json()) as Json
}

async function signIn(user: string): Promise<string> {
  const identifier = { type: 'm.id.user', user }
  const login = { type: 'm.login.password', identifier, password: 'a password' }
  return String((await call('POST', '/login', undefined, login))['access_token'])
}

const alice = await signIn('alice')
const bob = await signIn('bob')
const { room_id: roomId } = await call('POST', '/createRoom', alice, {
  preset: 'public_chat',
  name: 'Before',
  room_alias_name: 'before',
})
const room = `/rooms/${encodeURIComponent(String(roomId))}`
await call('POST', `${room}/join`, bob, {})
const say = async (n: number) => {
  const body = { msgtype: 'm.text', body: `old ${n}` }
  return (await call('PUT', `${room}/send/m.room.message/t${n}`, alice, body))['event_id']
}
const events = [await say(1), await say(2)]
const { next_batch: since } = await call('GET', '/sync', bob)
events.push(await say(3))
await call('POST', `${room}/receipt/m.read/${encodeURIComponent(String(events[0]))}`, bob, {})
await call('PUT', `/user/@bob:${SERVER_NAME}/account_data/org.example.kept`, bob, { kept: true })

server.kill('SIGTERM')
await new Promise((ended) => server.once('exit', ended))
const dump = execFileSync(
  join(programs, 'pg_dump'),
  ['--inserts', '--no-owner', '--no-privileges', `--dbname=${database}`],
  { encoding: 'utf8', env: {} },
)
// psql's own commands, and settings that a newer Postgres may not know
const statements = dump.replaceAll(/^(\\.*|SET .*|SELECT pg_catalog\.set_config.*|--.*)\n/gm, '')
const facts = { serverName: SERVER_NAME, roomId, events, since, bob }
process.stdout.write(`-- ${JSON.stringify(facts)}\n${statements.replaceAll(/\n{2,}/g, '\n')}`)
rmSync(folder, { recursive: true })
