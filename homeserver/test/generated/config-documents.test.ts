import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configExample } from '#config/write-example.ts'
import { configReference } from '#config/write-reference.ts'

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

// When these fail: npx hearth check-config --write-docs
test('homeserver.yaml.example is up to date', () => {
  expect(read('homeserver.yaml.example')).toBe(configExample())
})

test('docs/config.md is up to date', () => {
  expect(read('docs/config.md')).toBe(configReference())
})
