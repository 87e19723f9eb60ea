// The last step of `npm test`: which of the built operations the run has proven.
// Ends with 1 when it has found a fault, with 3 when there is no specification to compare with.
import { FOLDER_VARIABLE, readObservations } from '../../../spec-tests/contract/observations.ts'
import { missingSpecification, readOperations } from '../../../spec-tests/contract/specification.ts'
import { verdict } from '../../../spec-tests/contract/verdict.ts'
import { isBuilt } from './built.ts'

/** @returns the exit code @param complete whether every suite ran, so that nothing may be unproven */
function report(folder: string, complete: boolean): number {
  const missing = missingSpecification()
  if (missing !== undefined) {
    console.log(`contract: skipped, ${missing}`)
    return 3
  }
  const operations = readOperations()
  const built = operations.filter(isBuilt)
  const { proven, unproven, faults } = verdict(built, readObservations(folder))
  for (const { operation, lacks } of unproven) {
    console.log(`unproven: ${operation.id} (no ${lacks.join(', no ')})`)
  }
  for (const fault of faults) console.log(`not as specified: ${fault}`)
  console.log(`operations ${built.length} of ${operations.length}, proven ${proven.length}`)
  return faults.length > 0 || (complete && unproven.length > 0) ? 1 : 0
}

const folder = process.env[FOLDER_VARIABLE]
if (folder === undefined) throw new Error(`${FOLDER_VARIABLE} names no folder.`)
process.exitCode = report(folder, process.argv.includes('--complete'))
