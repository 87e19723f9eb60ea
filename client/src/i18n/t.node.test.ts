import { expect, test } from 'vitest'
import { Failure } from '#lib/errors.ts'
import { failureText } from './failure-text.ts'
import { t } from './t.ts'

test('values are filled in and numbers follow the language', () => {
  expect(t('rooms.invited-by', { name: 'Ann' })).toBe('Invited by Ann')
  expect(t('rooms.unread', { count: 1 })).toBe('1 unread message')
  expect(t('rooms.unread', { count: 1234 })).toBe('1,234 unread messages')
})

test('braces in a value stay as they are', () => {
  expect(t('rooms.invited-by', { name: '{name}' })).toBe('Invited by {name}')
})

test('the server’s sentence is shown where ours cannot say more', () => {
  expect(failureText(new Failure('unknown', 'Disk full.'))).toContain('Disk full.')
  expect(failureText(new Failure('network', 'ECONNREFUSED'))).not.toContain('ECONNREFUSED')
})
