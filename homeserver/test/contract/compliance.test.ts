import { describe, expect, test } from 'vitest'
import { complianceDocument } from './compliance.ts'
import { missingSpecification } from '../../../spec-tests/contract/specification.ts'

const missing = missingSpecification()

describe.skipIf(missing !== undefined)(
  `docs/compliance.md${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    // When it fails: npx vitest run test/contract/compliance -u
    test('is what the route table makes', async () => {
      await expect(complianceDocument()).toMatchFileSnapshot('../../../docs/compliance.md')
    })
  },
)
