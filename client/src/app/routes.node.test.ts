import { expect, test } from 'vitest'
import { type Route, formatRoute, parseRoute } from './routes.ts'

test.each<[string, Route]>([
  ['', { name: 'home' }],
  ['#/', { name: 'home' }],
  ['#/nowhere', { name: 'home' }],
  ['#/room/', { name: 'home' }],
  ['#/login', { name: 'login' }],
  ['#/register', { name: 'register', token: '' }],
  ['#/register?token=a%2Bb', { name: 'register', token: 'a+b' }],
  ['#/setup?token=once', { name: 'setup', token: 'once' }],
  ['#/room/!abc%3Ah.org', { name: 'room', roomId: '!abc:h.org' }],
  ['#/room/%E0%A4%A', { name: 'room', roomId: '%E0%A4%A' }],
])('%s leads to the right place', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route)
})

test.each<Route>([
  { name: 'home' },
  { name: 'setup', token: 'a/b?c=d&e' },
  { name: 'room', roomId: '!x/y?z:h.org:8008' },
])('a written route reads back the same', (route) => {
  expect(parseRoute(formatRoute(route))).toEqual(route)
})
