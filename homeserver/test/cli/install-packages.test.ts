import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const bin = fileURLToPath(new URL('../../bin', import.meta.url))
const LOCK = JSON.stringify({ name: 'tree', version: '1.0.0', lockfileVersion: 3, packages: {} })

let scratch: string
let tree: string
let shared: string

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'hearth-packages-'))
  tree = join(scratch, 'tree')
  shared = join(scratch, 'shared')
  await cp(bin, join(tree, 'homeserver/bin'), { recursive: true })
  await writeFile(join(tree, 'package.json'), '{"name":"tree","version":"1.0.0"}')
  await writeFile(join(tree, 'package-lock.json'), LOCK)
  await mkdir(shared)
})

afterEach(async () => {
  await rm(scratch, { recursive: true, force: true })
})

function install() {
  const program = `import('./homeserver/bin/install-packages.mjs').then((it) => it.installPackages())`
  const run = spawnSync(process.execPath, ['-e', program], { cwd: tree, encoding: 'utf8' })
  return { status: run.status, output: `${run.stdout}${run.stderr}` }
}

/** Packages of the folder that is linked to, which were installed before the lock file was changed. */
async function olderPackages(): Promise<void> {
  await writeFile(join(shared, 'package-of-somebody-else'), '')
  await writeFile(join(shared, '.package-lock.json'), LOCK)
  await utimes(join(shared, '.package-lock.json'), 1, 1)
}

describe('a linked node_modules', () => {
  beforeEach(() => symlink(shared, join(tree, 'node_modules')))

  test('is left alone when its packages are old; one line says what to do', async () => {
    await olderPackages()
    const { status, output } = install()
    expect(output).toMatch(/^Packages may be older .* is a link: run "npm ci" where .*\n$/)
    expect(status).toBe(0)
    expect(await readdir(shared)).toEqual(['.package-lock.json', 'package-of-somebody-else'])
  })

  test('without packages is an error', async () => {
    const { status, output } = install()
    expect(output).toContain('Packages are missing.')
    expect(status).not.toBe(0)
    expect(await readdir(shared)).toEqual([])
  })

  test('that leads nowhere is an error', async () => {
    await rm(shared, { recursive: true })
    expect(install()).toMatchObject({ output: expect.stringContaining('Packages are missing.') })
  })
})

test('a node_modules of its own is brought up to date', async () => {
  await mkdir(join(tree, 'node_modules/left-over'), { recursive: true })
  expect(install()).toMatchObject({ status: 0, output: expect.stringContaining('npm ci') })
  expect(await readdir(join(tree, 'node_modules'))).not.toContain('left-over')
})
