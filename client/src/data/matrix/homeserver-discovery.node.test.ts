import { afterEach, describe, expect, test, vi } from 'vitest'
import { findHomeserver, normaliseHomeserverInput } from './homeserver-discovery.ts'

test.each([
  ['example.org', 'https://example.org'],
  [' https://example.org/ ', 'https://example.org'],
  ['localhost:8008', 'http://localhost:8008'],
  ['127.0.0.1:8008', 'http://127.0.0.1:8008'],
  ['http://h.org/base/', 'http://h.org/base'],
  ['', undefined],
  ['::', undefined],
])('%j is read as %j', (input, expected) => {
  expect(normaliseHomeserverInput(input)).toBe(expected)
})

describe('finding a homeserver', () => {
  const serve = (pages: Readonly<Record<string, object>>): void => {
    vi.stubGlobal('fetch', (url: string) => {
      const page = pages[url]
      return Promise.resolve(new Response(JSON.stringify(page ?? {}), { status: page ? 200 : 404 }))
    })
  }
  afterEach(() => void vi.unstubAllGlobals())

  test('the page’s own origin is not questioned', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new Error('asked')))
    expect(await findHomeserver('https://own.org', 'https://own.org')).toBe('https://own.org')
  })

  test('a server name leads on by its well-known file', async () => {
    serve({
      'https://h.org/.well-known/matrix/client': {
        'm.homeserver': { base_url: 'https://matrix.h.org/' },
      },
      'https://matrix.h.org/_matrix/client/versions': { versions: ['v1.15'] },
    })
    expect(await findHomeserver('h.org', 'https://own.org')).toBe('https://matrix.h.org')
  })

  test('something that is no homeserver is refused', async () => {
    serve({ 'https://h.org/_matrix/client/versions': { hello: 'world' } })
    const attempt = findHomeserver('h.org', 'https://own.org')
    await expect(attempt).rejects.toMatchObject({ code: 'not-a-homeserver' })
  })
})
