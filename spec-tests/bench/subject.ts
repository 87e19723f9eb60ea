import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { at, stringAt } from '../target/json.ts'
import { startServer, type Target } from '../target/server.ts'
import { register, type User } from '../target/user.ts'
import { LeanClient } from './lean-client.ts'
import type { Watched } from './measurement.ts'
import type { Place } from './options.ts'
import { UsersFile } from './users-file.ts'

/** A server under test and what this run knows of it. */
export interface Subject extends AsyncDisposable {
  /** Software and version, or the address where it does not tell. */
  readonly name: string
  readonly url: string
  /** Its processes as of now. */
  readonly watched: () => Watched
  readonly databaseUrl: string | undefined
  /** A Hearth that this run has started, so that it may start another. */
  readonly isOurs: boolean
  /** An account that nobody has used before in this run. */
  user(label: string): Promise<User>
}

export async function openSubject(place: Place): Promise<Subject> {
  if (place.url === undefined) return await startHearth()
  const http = new LeanClient(place.url)
  const file = place.usersFile === undefined ? undefined : new UsersFile(place.usersFile, http)
  return {
    name: await softwareOf(http, place.url),
    url: place.url,
    watched: () => ({ server: place.pids, postgres: place.postgresPid }),
    databaseUrl: place.databaseUrl,
    isOurs: false,
    user: file === undefined ? registrar(http) : () => file.next(),
    [Symbol.asyncDispose]() {
      http.close()
      return Promise.resolve()
    },
  }
}

/** Starts a throw-away Hearth; disposal stops it and drops its data. */
export async function startHearth(args: readonly string[] = []): Promise<Subject> {
  const target = await startServer({ args, onDisk: true })
  const http = new LeanClient(target.url)
  return {
    name: `hearth ${ownVersion()}`,
    url: target.url,
    watched: () => ({ server: target.pids().servers, postgres: target.pids().postgres }),
    databaseUrl: databaseOf(target),
    isOurs: true,
    user: registrar(http),
    async [Symbol.asyncDispose]() {
      http.close()
      await target[Symbol.asyncDispose]()
    },
  }
}

function registrar(http: LeanClient): (label: string) => Promise<User> {
  const run = randomBytes(4).toString('hex')
  let count = 0
  return (label) => register(http, `bench-${run}-${label}-${(count += 1)}`)
}

async function softwareOf(http: LeanClient, url: string): Promise<string> {
  const { status, body } = await http.request('GET', '/_matrix/federation/v1/version')
  const name = at(body, 'server', 'name')
  const version = at(body, 'server', 'version')
  return status === 200 && typeof name === 'string' ? `${name} ${String(version)}` : url
}

function ownVersion(): string {
  const file = join(resolve(import.meta.dirname, '../..'), 'homeserver/package.json')
  return stringAt(JSON.parse(readFileSync(file, 'utf8')), 'version')
}

/** Hearth leaves the key to its own Postgres in its data folder. */
function databaseOf(target: Target): string {
  const file = join(target.data, 'postgres/connection.json')
  const connection: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const user = stringAt(connection, 'user')
  const password = encodeURIComponent(stringAt(connection, 'password'))
  return `postgres://${user}:${password}@127.0.0.1:${String(at(connection, 'port'))}/postgres`
}
