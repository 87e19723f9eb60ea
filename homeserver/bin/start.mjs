// `npm start` and `npm run serve:test`: brings what is missing, then serves. Arguments go to `hearth serve`.
import { buildClient } from './build-client.mjs'
import { serverProgram } from './build-server.mjs'
import { installPackages } from './install-packages.mjs'
import { runHearth } from './runtime.mjs'
import { prepareTestMode } from './test-mode.mjs'

const args = process.argv.slice(2)

try {
  installPackages()
  buildClient()
  const program = serverProgram()
  const test = args.includes('--test')
  if (test) {
    const prepared = prepareTestMode(args.filter((arg) => arg !== '--test'))
    runHearth(program, ['serve', ...prepared.args], prepared.env)
  } else {
    runHearth(program, args.includes('--help') ? ['serve', '--help'] : ['serve', ...args])
  }
} catch (error) {
  console.error(`npm start: ${error.message}`)
  process.exitCode = 1
}
