import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { testFolder } from '../target/test-folder.ts'

const script = resolve(dirname(fileURLToPath(import.meta.url)), '../target/test-folder.ts')
const ASK = `import { testFolder } from ${JSON.stringify(script)}; console.log(testFolder())`

/** Another process that makes its folder and ends. */
function ask() {
  const args = ['--input-type=module', '--eval', ASK]
  const { pid, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { pid, folder: stdout.trim() }
}

test('a folder for tests can be written to', () => {
  expect(existsSync(mkdtempSync(join(testFolder(), 'hearth-folder-')))).toBe(true)
})

test('memory is given back by a process that ends, and after one that was killed', () => {
  const { pid, folder } = ask()
  if (folder === tmpdir()) return
  expect(existsSync(folder)).toBe(false)
  // as if it had been killed
  mkdirSync(join(folder, 'cluster'), { recursive: true })
  expect(folder).toContain(String(pid))
  ask()
  expect(existsSync(folder)).toBe(false)
})
