import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { BUG_CLASSES } from './bug-classes.ts'

const homeserver = fileURLToPath(new URL('../../', import.meta.url))

test.each(BUG_CLASSES)('%s: has its regression tests', (name, files) => {
  expect(files.filter((file) => !existsSync(homeserver + file))).toEqual([])
  const tests = files.filter((file) => file.endsWith('.ts'))
  expect(tests.filter((file) => !readFileSync(homeserver + file, 'utf8').includes(name))).toEqual(
    [],
  )
})
