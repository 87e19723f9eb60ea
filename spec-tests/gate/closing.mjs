/** Of failures, all suites together; a server that does not start fails thousands of tests. */
const MOST_FAILURES = 50

const counted = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`

/**
 * The end of a run, which is all that some logs show: what failed, the parts, and the sum.
 * @param results of each part its title, counts, failures and, if it was measured, seconds
 */
export function closingLines(results) {
  const failures = results.flatMap(({ title, failures: found = [] }) =>
    found.map(({ where, text }) => `FAIL ${title}: ${where}\n${indented(text)}\n`),
  )
  const more = failures.length - MOST_FAILURES
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const result of results) for (const key of Object.keys(total)) total[key] += result[key]
  return {
    total,
    lines: [
      ...failures.slice(0, MOST_FAILURES),
      ...(more > 0 ? [`… and ${more} more failures`] : []),
      ...results.map((result) => `${result.title}: ${counted(result)}${duration(result)}`),
      counted(total),
    ],
  }
}

const duration = ({ seconds }) => (seconds === undefined ? '' : ` (${Math.round(seconds)} s)`)

const indented = (text) =>
  text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
