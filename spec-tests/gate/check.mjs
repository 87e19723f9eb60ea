// `npm run check`: the static part of the gate. Types, lint, format, dead code, generated files.
import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { installPackages } from '../../homeserver/bin/install-packages.mjs'
import { findNode, root } from '../../homeserver/bin/runtime.mjs'

const bin = (name) => `node_modules/${name}`

/** Every check: a title and the arguments of the pinned Node. */
const CHECKS = [
  ['types: homeserver', [bin('typescript/bin/tsc'), '-p', 'homeserver']],
  ['types: client', [bin('typescript/bin/tsc'), '-p', 'client']],
  ['types: spec-tests', [bin('typescript/bin/tsc'), '-p', 'spec-tests']],
  ['lint', [bin('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings']],
  ['lint: client', [bin('eslint/bin/eslint.js'), '--max-warnings', '0', '.'], 'client'],
  ['format', [bin('oxfmt/bin/oxfmt'), '--check', '.']],
  ['dead code', [bin('knip/bin/knip.js'), '--no-progress']],
  ['layers are generated', ['spec-tests/gate/lint/write.mjs', '--check']],
]

/** Of what a failed check wrote, for the end of a long log. */
const SHOWN = 15

/** Runs every check and answers how many passed and failed, and what failed. */
export function runChecks() {
  const node = findNode()
  const failures = []
  for (const [title, args, folder] of CHECKS) {
    const [script, ...rest] = args
    const started = performance.now()
    const run = spawnSync(node, [`${root}/${script}`, ...rest], {
      cwd: folder === undefined ? root : `${root}/${folder}`,
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    })
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`${run.status === 0 ? 'ok  ' : 'FAIL'} ${title} (${seconds} s)`)
    if (run.status !== 0) {
      const text = `${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}`
      console.log(text)
      failures.push({ where: title, text: text.split('\n').slice(0, SHOWN).join('\n') })
    }
  }
  const failed = failures.length
  return { passed: CHECKS.length - failed, failed, skipped: 0, failures }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  installPackages()
  const { passed, failed } = runChecks()
  console.log(`${passed} passed, ${failed} failed, 0 skipped`)
  process.exitCode = failed === 0 ? 0 : 1
}
