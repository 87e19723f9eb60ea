import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { parseJson } from '#matrix/events/parse-json.ts'

const cspFile = z.object({ policy: z.array(z.string()).min(1) })

/**
 * The headers that every file of the client is sent with. The policy is the client's own, so that
 * its desktop shell and this server cannot differ.
 * @throws when the file is missing or malformed: the client is not served without its policy
 */
export async function readSecurityHeaders(
  policyFile: string,
): Promise<Readonly<Record<string, string>>> {
  const { policy } = cspFile.parse(parseJson(await readFile(policyFile, 'utf8')))
  return {
    'Content-Security-Policy': policy.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
  }
}
