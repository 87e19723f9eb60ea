// Writes .oxlintrc.json from the layer table; `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { oxlintrc } from './oxlintrc.mjs'

const path = fileURLToPath(new URL('../../../.oxlintrc.json', import.meta.url))
const text = `${JSON.stringify(oxlintrc(), null, 2)}\n`

if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== text) {
    console.error('.oxlintrc.json is stale: run `node spec-tests/gate/lint/write.mjs`.')
    process.exitCode = 1
  }
} else {
  writeFileSync(path, text)
}
