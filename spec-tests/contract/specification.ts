import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the specification's data lies, relative to the repository; it is not copied into it. */
export const SPECIFICATION = resolve(
  dirname(fileURLToPath(import.meta.url)),
  '../../../shared/matrix-spec',
)

/**
 * Why the contract suite can't run: a sentence that names the missing path. With CI=true that is
 * an error instead of a skip.
 */
export function missingSpecification(): string | undefined {
  if (existsSync(join(SPECIFICATION, 'endpoints.tsv'))) return undefined
  const reason = `the specification's data is not at ${SPECIFICATION}`
  if (process.env['CI'] === 'true') throw new Error(reason)
  return reason
}

/** One operation of the client-server API, as the table `endpoints.tsv` has it. */
export interface Operation {
  readonly method: string
  /** With `{name}` for parameters. */
  readonly path: string
  readonly id: string
  readonly auth: string
  readonly rateLimited: boolean
  readonly firstInRelease: string
  /** The OpenAPI file below `data/api` that describes it. */
  readonly source: string
}

/** All 166 operations; empty when the data is absent. */
export function readOperations(): Operation[] {
  const file = join(SPECIFICATION, 'endpoints.tsv')
  if (!existsSync(file)) return []
  const [, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [
      method = '',
      path = '',
      id = '',
      auth = '',
      limited = '',
      ,
      ,
      source = '',
      release = '',
    ] = line.split('\t')
    return { method, path, id, auth, rateLimited: limited === 'y', firstInRelease: release, source }
  })
}

/** Method and path with parameters reduced to `*`, so that `{roomId}` and `:roomId` compare equal. */
export function routeKey(method: string, path: string): string {
  const segments = path.split('/').map((segment) => (/^[:{]/.test(segment) ? '*' : segment))
  return `${method} ${segments.join('/')}`
}
