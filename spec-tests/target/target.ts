import { ConfiguredServer, type Sections } from './configured-server.ts'
import { startServer } from './server.ts'

/** Names the base URL of a homeserver that is running already, to run the black-box tests against it. */
const VARIABLE = 'HEARTH_TARGET'

/** The server that a black-box test speaks to. */
export interface TargetServer extends AsyncDisposable {
  readonly url: string
  /** What it wrote so far; undefined of a server that was running already. */
  readonly output?: () => string
}

const given = process.env[VARIABLE]?.replace(/\/+$/, '')

/** True when the server is another one: what holds of Hearth's own forms alone is not asked of it. */
export const isForeign = given !== undefined

/** What the title says of a test that another server cannot take; empty when it is ours. */
export function hearthOnly(why: string): string {
  return isForeign ? ` (skipped on another server: ${why})` : ''
}

/** Outcomes that the specification leaves to servers, though Hearth never has them. */
export function elsewhere(...outcomes: readonly string[]): readonly string[] {
  return isForeign ? outcomes : []
}

/**
 * The server that the environment names, left as it is in the end, or a new Hearth.
 * @param sections more of a new one's configuration; one that is there must be configured so already
 */
export async function targetServer(sections?: Sections): Promise<TargetServer> {
  if (given !== undefined) {
    return { url: given, [Symbol.asyncDispose]: () => Promise.resolve() }
  }
  if (sections === undefined) return startServer()
  const server = await ConfiguredServer.start({ sections })
  return {
    url: server.url,
    output: () => server.output,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

const suffix = Date.now().toString(36) + process.pid.toString(36)

/** The account for a name of the tests: on a server that has seen other runs, one of this run's own. */
export function accountName(name: string): string {
  return given === undefined ? name : `${name}-${suffix}`
}
