import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EFFECT_FOLDERS, EFFECT_GLOBALS, FOLDERS, LAYERS } from './layers.mjs'

/** A lint that cannot fail is no lint: plants every forbidden import and expects each to be found. */

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const rows: Readonly<Record<string, Readonly<Record<string, string>>>> = LAYERS

interface Plant {
  readonly title: string
  readonly file: string
  readonly code: string
  readonly forbidden: boolean
}

function plant(from: string, name: string, code: string, forbidden: boolean): Plant {
  const file = `homeserver/src/${from}/planted/${name}.ts`
  return { title: `${from}: ${name}`, file, code, forbidden }
}

function importsOf(from: string, to: string): Plant[] {
  const cell = rows[from]?.[to]
  const use = 'export const planted = [value]\n'
  const typeUse = 'export type Planted = Value[]\n'
  return [
    plant(from, `alias-${to}`, `import { value } from '#${to}/x.ts'\n${use}`, cell !== 'x'),
    plant(from, `relative-${to}`, `import { value } from '../../${to}/x.ts'\n${use}`, cell !== 'x'),
    plant(
      from,
      `type-${to}`,
      `import type { Value } from '#${to}/x.ts'\n${typeUse}`,
      cell === undefined,
    ),
  ]
}

function effectsOf(from: string): Plant[] {
  const free = EFFECT_FOLDERS.includes(from)
  return [
    ...EFFECT_GLOBALS.map((name) =>
      plant(from, `global-${name}`, `export const planted = [${name}]\n`, !free),
    ),
    plant(
      from,
      'random-uuid',
      "import { randomUUID } from 'node:crypto'\nexport const planted = randomUUID()\n",
      !free,
    ),
  ]
}

const plants: readonly Plant[] = [
  ...FOLDERS.flatMap((from) => [
    ...FOLDERS.filter((to) => to !== from && to !== 'services').flatMap((to) =>
      importsOf(from, to),
    ),
    ...effectsOf(from),
    plant(
      from,
      'context',
      "import { createContext } from '#context'\nexport const planted = createContext\n",
      true,
    ),
  ]),
  plant(
    'services/one',
    'other-store',
    "import { value } from '#services/two/store.ts'\nexport const planted = value\n",
    true,
  ),
  plant(
    'services/one',
    'other-index',
    "import { value } from '#services/two/index.ts'\nexport const planted = value\n",
    false,
  ),
  plant(
    'matrix',
    'package',
    "import { value } from 'lru-cache'\nexport const planted = value\n",
    true,
  ),
]

let found: ReadonlySet<string> = new Set()
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-layers-'))
  copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  for (const { file, code } of plants) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), code)
  }
  const run = spawnSync(
    process.execPath,
    [join(root, 'node_modules/oxlint/bin/oxlint'), '--format', 'unix', '.'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 << 20 },
  )
  found = new Set(
    [...run.stdout.matchAll(/homeserver\/src\/[^:\s]+\.ts/g)].map((match) => match[0]),
  )
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('a forbidden import is found', () => {
  test.each(plants.filter((item) => item.forbidden))('$title', ({ file }) => {
    expect(found).toContain(file)
  })
})

describe('an allowed import is let through', () => {
  test.each(plants.filter((item) => !item.forbidden))('$title', ({ file }) => {
    expect(found).not.toContain(file)
  })
})
