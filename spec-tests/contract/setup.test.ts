import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { at, listAt } from '../target/json.ts'
import { readObservations } from './observations.ts'
import { missingSpecification } from './specification.ts'

const here = dirname(fileURLToPath(import.meta.url))
const missing = missingSpecification()

/** Tests that ask a server which answers as the path says. */
const PLANTED = `
import { createServer } from 'node:http'
const answers = { '/r0': { user_id: 5 }, '/v3': { user_id: '@a:x', is_guest: false } }
const server = createServer((request, response) => {
  response.setHeader('Connection', 'close')
  const body = answers[request.url.replace('/_matrix/client', '').slice(0, 3)]
  response.end(JSON.stringify(body))
})
const url = await new Promise((done) =>
  server.listen(0, '127.0.0.1', () => done('http://127.0.0.1:' + server.address().port)),
)
afterAll(() => server.close())
const ask = (version) => fetch(url + '/_matrix/client/' + version + '/account/whoami').then((a) => a.json())
test('is told nonsense', () => ask('r0'))
test('is told who it is', () => ask('v3'))
`

/** Two test files share one process, as the homeserver's do. */
const FILES = ['first.test.mjs', 'second.test.mjs']

/** Runs the planted tests with the set-up file. @returns their states by title, and all that was said */
async function runPlanted(folder: string, observations: string) {
  const setupFiles = [join(here, 'setup.ts')]
  const shared = { isolate: false, maxWorkers: 1, testTimeout: 120_000 }
  const config = { test: { globals: true, setupFiles, ...shared } }
  for (const name of FILES) await writeFile(join(folder, name), PLANTED)
  await writeFile(join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify(config)}`)
  const report = join(folder, 'report.json')
  const vitest = resolve(here, '../../node_modules/vitest/vitest.mjs')
  const env = { ...process.env, HEARTH_OBSERVATIONS: observations }
  const args = [vitest, 'run', '--root', folder, '--reporter=json', `--outputFile=${report}`]
  await new Promise<void>((done) => {
    execFile(process.execPath, args, { env, cwd: folder }, () => done())
  })
  const { default: result } = (await import(report, { with: { type: 'json' } })) as {
    default: unknown
  }
  return listAt(result, 'testResults')
    .flatMap((file) => listAt(file, 'assertionResults'))
    .map((one) => ({
      title: at(one, 'title'),
      status: at(one, 'status'),
      message: String(at(one, 'failureMessages', 0) ?? ''),
    }))
}

test.skipIf(missing !== undefined)(
  `an answer that is not as specified fails the test that received it${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  { timeout: 240_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hearth-planted-'))
    try {
      const results = await runPlanted(folder, join(folder, 'observations'))
      const inEachFile = <T>(values: readonly T[]) => FILES.flatMap(() => values)
      expect(results.map(({ title, status }) => [title, status])).toEqual(
        inEachFile([
          ['is told nonsense', 'failed'],
          ['is told who it is', 'passed'],
        ]),
      )
      for (const { status, message } of results) {
        if (status !== 'failed') continue
        expect(message.split('\n')).toContain(
          'getTokenOwner: 200 to GET /_matrix/client/r0/account/whoami: /user_id must be string',
        )
        // seen once, not once for each file
        expect(message.split('getTokenOwner')).toHaveLength(2)
      }
      const seen = readObservations(join(folder, 'observations'))
      expect(seen.map(({ kind, test: title }) => [kind, title])).toEqual(
        inEachFile([
          ['invalid', 'is told nonsense'],
          // nothing had been written before
          ['other', 'is told who it is'],
        ]),
      )
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
)
