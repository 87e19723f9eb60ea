import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  SUPPORTED_VERSIONS,
  UNSTABLE_FEATURES,
} from '#api/client/server-discovery/supported-versions.ts'
import { routes } from '#api/routes.ts'
import type { Endpoint } from '#http/endpoint.ts'
import { servedPaths } from '#http/versions.ts'
import { DEFAULT_ROOM_VERSION, ROOM_VERSIONS } from '#matrix/room-versions/room-version.ts'
import { BUG_CLASSES, CLASSES_TO_COME } from './bug-classes.ts'
import { isBuilt } from './built.ts'
import { ABSENT, AGAINST_SYNAPSE, LIMITS, SUITES, SYNAPSE_DIFFERENCES } from './compliance-notes.ts'
import { bullets, table } from './markdown.ts'
import { officialSuite } from './official-suite.ts'
import { bySection } from './sections.ts'
import {
  type Operation,
  readOperations,
  SPECIFICATION,
} from '../../../spec-tests/contract/specification.ts'
import { UNIMPLEMENTED } from './unimplemented.ts'

/** Routes that the specification has in prose only. */
const PROSE_ONLY = [
  ['GET', '/_matrix/client/v3/auth/{authType}/fallback/web', 'fallback page of a UIA stage'],
  ['GET', '/_matrix/static/client/login/', 'fallback page for login'],
  ['GET', '/_matrix/client/v3/rooms/{roomId}/state/{eventType}/', 'empty state key'],
  ['PUT', '/_matrix/client/v3/rooms/{roomId}/state/{eventType}/', 'empty state key'],
] as const

/** The text of docs/compliance.md. @throws {Error} when the specification's data is absent */
export function complianceDocument(): string {
  const operations = readOperations()
  const sections = bySection(operations)
  const count = operations.filter(isBuilt).length
  return [
    `<!-- Generated from the route table and the specification's data (homeserver/test/contract). Do not edit. -->`,
    '# What is built of Matrix',
    `Compared with Matrix v1.19 (\`../shared/matrix-spec\`). An operation counts as built when it has a route; the contract suite checks authentication and rate limit of each. What is not built has no route and answers \`M_UNRECOGNIZED\`, 404 or 405.`,
    '## Summary',
    table(
      ['API', 'Operations', 'Built'],
      [
        ['Client-server', String(operations.length), String(count)],
        ['Server-server (federation)', rows('server-server'), '0'],
        ['To application services', rows('application-service'), '0'],
        ['To push gateways', rows('push-gateway'), '0'],
      ],
    ),
    '## Client-server operations by section',
    table(
      ['Section', 'Built', 'Of'],
      sections.map(({ title, operations: all }) => [
        title,
        String(all.filter(isBuilt).length),
        String(all.length),
      ]),
    ),
    '### Built',
    ...sections.flatMap(({ title, operations: all }) => listed(title, all.filter(isBuilt))),
    olderPrefixes(),
    '### Not built',
    ...Map.groupBy(
      operations.filter((operation) => !isBuilt(operation)),
      ({ id }) => UNIMPLEMENTED.get(id) ?? 'Without a reason',
    )
      .entries()
      .flatMap(([reason, all]) => [`${reason} (${all.length})`, bullets(all.map(operationLine))]),
    '## Routes beyond the table',
    'In prose only:',
    bullets(
      PROSE_ONLY.map(
        ([method, path, what]) =>
          `\`${method} ${path}\` (${what}): ${servesEmptyKey(method, path) ? 'built' : 'not built'}`,
      ),
    ),
    unstableRoutes(),
    ...administration(),
    '## Advertised versions',
    ...versions(operations),
    '## Room versions',
    `New rooms have version ${DEFAULT_ROOM_VERSION.id}. Rooms of the versions ${[...ROOM_VERSIONS.keys()].join(', ')} can be created.`,
    '## Absent',
    'Beyond the operations above:',
    bullets(ABSENT),
    '## Known limits',
    bullets(LIMITS),
    '## Bugs of other homeservers',
    'Classes of bugs that other servers had, each with its regression tests, below `homeserver/`:',
    table(
      ['Class', 'Tests'],
      BUG_CLASSES.map(([name, files]) => [name, files.map((file) => `\`${file}\``).join(', ')]),
    ),
    'Those of what is not built come with it:',
    table(['Class', 'Comes with'], CLASSES_TO_COME),
    ...officialSuite(),
    '## Suites',
    table(['Suite', 'State'], SUITES),
    '## Against Synapse',
    ...AGAINST_SYNAPSE,
    table(['Asked', 'Synapse', 'Hearth', 'The specification'], SYNAPSE_DIFFERENCES),
  ]
    .join('\n\n')
    .concat('\n')
}

function rows(api: string): string {
  const file = join(SPECIFICATION, `endpoints-${api}.tsv`)
  return String(readFileSync(file, 'utf8').trimEnd().split('\n').length - 1)
}

function listed(title: string, operations: readonly Operation[]): string[] {
  if (operations.length === 0) return []
  return [`${title}:`, bullets(operations.map(operationLine))]
}

const operationLine = ({ method, path, id }: Operation): string => `\`${method} ${path}\` ${id}`

function olderPrefixes(): string {
  const older = routes.filter((route) => servedPaths(route).length > 1)
  const prefixes = new Set(
    older.flatMap((route) =>
      servedPaths(route)
        .slice(1)
        .map((path) => path.split('/')[3] ?? ''),
    ),
  )
  return `${older.length} of these routes are also served under ${[...prefixes].map((prefix) => `\`${prefix}\``).join(' and ')}, which older clients use.`
}

/** Whether a route serves a prose-only path, trailing slash and all. */
function servesEmptyKey(method: string, path: string): boolean {
  const optional = path.replace(/\/$/, '{/:key}')
  return routes.some((route) => route.method === method && shape(route.path) === shape(optional))
}

const shape = (path: string): string => path.replaceAll(/:\w+|(?<!\{)\{\w+\}/g, '*')

function unstableRoutes(): string {
  const own = routes.filter(({ path }) => path.includes('/unstable/'))
  const flags = Object.keys(UNSTABLE_FEATURES).map((flag) => `\`${flag}\``)
  return [
    own.length === 0
      ? 'No route exists under an unstable prefix of its own.'
      : `Unstable:\n\n${bullets(own.map(routeLine))}`,
    `Flags in \`unstable_features\`: ${flags.join(', ') || 'none'}. \`/sync\` also takes \`org.matrix.msc4222.use_state_after\`.`,
  ].join(' ')
}

function administration(): string[] {
  const admin = routes.filter(({ path }) => path.startsWith('/_synapse/admin/'))
  return [
    '## Administration',
    'Built, compatible with the API that admin tools for Matrix servers use; everything else of it is not built:',
    bullets(admin.map(routeLine)),
  ]
}

const routeLine = ({ method, path }: Pick<Endpoint, 'method' | 'path'>): string =>
  `\`${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}\``

function versions(operations: readonly Operation[]): string[] {
  const releases = Map.groupBy(operations, ({ firstInRelease }) => firstInRelease)
  const minor = (release: string) => Number(release.split('.')[1])
  const sorted = Array.from(releases).sort(([a], [b]) => minor(a) - minor(b))
  return [
    `\`/_matrix/client/versions\` lists ${SUPPORTED_VERSIONS.join(', ')}. The rule: v1.1 up to the highest release whose operations are all built. v1.1 is listed before that is true of it, because SDKs refuse a server that lists none.`,
    table(
      ['First in release', 'Operations', 'Built'],
      sorted.map(([release, all]) => [
        release.replace('<=', 'v').replace(/^(?!v)/, 'v'),
        String(all.length),
        String(all.filter(isBuilt).length),
      ]),
    ),
  ]
}
