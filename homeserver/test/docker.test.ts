import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { parseConfig } from '#config/load.ts'
import { choosePolicies } from '#policies/policies.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

const service = z.looseObject({
  image: z.string(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  command: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
})
const compose = z
  .object({
    services: z.object({ postgres: service, homeserver: service, proxy: service }),
    volumes: z.record(z.string(), z.null()),
    networks: z.object({
      default: z.object({ ipam: z.object({ config: z.array(z.object({ subnet: z.string() })) }) }),
    }),
  })
  .loose()
  .parse(parse(read('docker/compose.yaml')))
const { postgres, homeserver, proxy } = compose.services

/** As compose fills in `${NAME}` and `${NAME:?message}` from .env. */
const DOT_ENV: Record<string, string> = {
  HEARTH_SERVER_NAME: 'chat.example.org',
  POSTGRES_PASSWORD: 'abc123',
}
const filled = (environment: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replaceAll(/\$\{(\w+)(:\?[^}]*)?\}/g, (_whole, key: string) => {
        const known = DOT_ENV[key]
        if (known === undefined)
          throw new Error(`compose.yaml wants ${key}, README.md does not tell`)
        return known
      }),
    ]),
  )

const config = parseConfig(read('docker/homeserver.yaml'), { env: filled(homeserver.environment) })

describe('compose.yaml', () => {
  test('gives the configuration every variable that it names, and the result is strict', () => {
    expect(config.server_name).toBe('chat.example.org')
    expect(config.http.public_baseurl).toBe('https://chat.example.org')
    expect(choosePolicies(config, { NODE_ENV: 'production' }).testMode).toBe(false)
  })

  test('README.md tells each variable that must be set', () => {
    const wanted = read('docker/compose.yaml').matchAll(/\$\{(\w+)/g)
    for (const [, name] of wanted) expect(read('docker/README.md')).toContain(`${name}=`)
  })

  test("the database URL is the Postgres service's", () => {
    const url = new URL(config.database?.url ?? '')
    const environment = filled(postgres.environment)
    expect(url.hostname).toBe('postgres')
    expect(url.username).toBe(environment['POSTGRES_USER'])
    expect(url.password).toBe(environment['POSTGRES_PASSWORD'])
    expect(url.pathname.slice(1)).toBe(environment['POSTGRES_DB'])
    expect(environment['POSTGRES_INITDB_ARGS']).toContain('--encoding=UTF8')
    expect(Number(/^postgres:(\d+)/.exec(postgres.image)?.[1])).toBeGreaterThanOrEqual(15)
  })

  test('the server waits for Postgres, the proxy for the server', () => {
    expect(homeserver.depends_on['postgres']?.condition).toBe('service_healthy')
    expect(proxy.depends_on['homeserver']?.condition).toBe('service_healthy')
  })

  test('only the proxy is open to the outside, and it alone is trusted', () => {
    expect(homeserver.ports).toEqual([])
    expect(postgres.ports).toEqual([])
    expect(proxy.ports).toEqual(['80:80', '443:443', '443:443/udp'])
    const [network] = compose.networks.default.ipam.config
    expect(config.http.trusted_proxies).toEqual([network?.subnet])
  })

  test('the proxy passes on to the port that the server listens on', () => {
    expect(config.http.host).toBe('0.0.0.0')
    expect(read('docker/Caddyfile')).toContain(`reverse_proxy homeserver:${config.http.port}`)
    expect(read('docker/Caddyfile')).toContain('{$HEARTH_SERVER_NAME}')
  })

  test('every mounted file is there, every named volume is declared', () => {
    for (const { volumes } of [postgres, homeserver, proxy]) {
      for (const volume of volumes) {
        const [source = ''] = volume.split(':')
        if (source.startsWith('./'))
          expect(existsSync(new URL(`docker/${source}`, root))).toBe(true)
        else expect(Object.keys(compose.volumes)).toContain(source)
      }
    }
  })

  test('the server reads the configuration where it is mounted', () => {
    const mounted = homeserver.volumes.find((volume) => volume.startsWith('./homeserver.yaml:'))
    expect(homeserver.command).toEqual(['serve', '--config', mounted?.split(':')[1]])
    expect(homeserver.volumes).toContain(`data:${config.data}`)
  })
})

describe('Dockerfile', () => {
  const dockerfile = read('docker/Dockerfile')

  test('pins the Node that package.json pins', () => {
    const manifest = z
      .looseObject({ devDependencies: z.record(z.string(), z.string()) })
      .parse(parse(read('package.json')))
    expect(/^ARG NODE_VERSION=(.*)$/m.exec(dockerfile)?.[1]).toBe(manifest.devDependencies['node'])
  })

  test('runs as an unprivileged user, in production mode, with a health check on the right port', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
    expect(last).toMatch(/^USER hearth$/m)
    expect(last).toContain('NODE_ENV=production')
    expect(last).toMatch(/^EXPOSE 8008$/m)
    expect(/HEALTHCHECK[^]*?\n {2}CMD (.*)/.exec(last)?.[1]).toContain(':8008/health')
    expect(last.indexOf('USER hearth')).toBeLessThan(last.indexOf('serve --help'))
    const command: unknown = JSON.parse(/^CMD (.*)$/m.exec(last)?.[1] ?? '')
    expect(command).toEqual(['serve', '--host', '0.0.0.0', '--port', '8008', '--data', '/data'])
  })

  test('starts the server with the V8 flags that the launcher gives', () => {
    const flags = /^const FLAGS = (\[.*\])$/m.exec(read('homeserver/bin/runtime.mjs'))?.[1] ?? ''
    const given = z.array(z.string()).min(1).parse(parse(flags))
    const entry: unknown = parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)?.[1] ?? '')
    expect(entry).toEqual(['node', ...given, 'homeserver/src/main.ts'])
  })

  test('copies only what is there', () => {
    for (const [, sources = ''] of dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)) {
      for (const source of sources.split(' ')) {
        expect([source, existsSync(fileURLToPath(new URL(source, root)))]).toEqual([source, true])
      }
    }
  })
})
