import { describe, expect, test } from 'vitest'
import { linkify } from './linkify.ts'

const links = (text: string): string[] =>
  linkify(text).flatMap((part) => (part.kind === 'link' ? [part.text] : []))

describe('links in text', () => {
  test.each([
    ['see https://example.org/a?b=1#c now', ['https://example.org/a?b=1#c']],
    ['(https://example.org)', ['https://example.org']],
    [
      'https://en.wikipedia.org/wiki/Hearth_(fire).',
      ['https://en.wikipedia.org/wiki/Hearth_(fire)'],
    ],
    ['http://a.b, http://c.d!', ['http://a.b', 'http://c.d']],
    ['“https://example.org/x”', ['https://example.org/x']],
    ['https:// nothing', []],
    ['javascript:alert(1) data:text/html,x ftp://a.b', []],
    ['xhttps://example.org', []],
  ])('%s', (text, expected) => {
    expect(links(text)).toEqual(expected)
  })

  test('the parts joined again give the text back', () => {
    const text = 'a https://x.org/(y) b (http://z.org/?q=[1]). <https://w.org> end'
    expect(
      linkify(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text)
  })

  test('an address is serialised, so that what is shown cannot smuggle a scheme', () => {
    const [part] = linkify('HTTPS://EXAMPLE.org')
    expect(part).toEqual({
      kind: 'link',
      text: 'HTTPS://EXAMPLE.org',
      href: 'https://example.org/',
    })
  })
})
