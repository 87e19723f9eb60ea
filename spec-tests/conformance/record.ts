import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { changes, parseResults, reduceTests, type SuiteResults } from './results.ts'

const FILE = join(import.meta.dirname, 'results.json')
const SUITE = 'matrix-org/complement'

const USAGE = `node spec-tests/conformance/record.ts --package NAME --commit SUITE_COMMIT FILE

FILE is the output of "go test -json" of one package of the suite. Its results go into
spec-tests/conformance/results.json; every test whose result is another than before is printed.`

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { package: { type: 'string' }, commit: { type: 'string' } },
  })
  const [file] = positionals
  if (file === undefined || values.package === undefined || values.commit === undefined) {
    process.stderr.write(`${USAGE}\n`)
    process.exitCode = 2
    return
  }
  const known = read()
  const tests = reduceTests(readFileSync(file, 'utf8'))
  for (const line of changes(known.packages[values.package] ?? [], tests)) {
    process.stdout.write(`${line}\n`)
  }
  const packages = { ...known.packages, [values.package]: tests }
  const results: SuiteResults = { suite: SUITE, commit: values.commit, packages }
  writeFileSync(FILE, `${JSON.stringify(results, undefined, 1)}\n`)
}

function read(): SuiteResults {
  if (!existsSync(FILE)) return { suite: SUITE, commit: '', packages: {} }
  return parseResults(readFileSync(FILE, 'utf8'))
}

main()
