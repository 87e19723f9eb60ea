import { hash } from 'node:crypto'
import { Html } from '#http/endpoint.ts'

export interface PageParts {
  readonly title: string
  /** HTML of the fields, without the button. */
  readonly fields: string
  readonly button: string
  /** Runs with `form` and `say(text)` at hand, in a function called `submit(fields)`. */
  readonly submit: string
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 24rem; margin: 10vh auto; padding: 0 1rem }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit }
input, button { margin: .25rem 0 1rem; padding: .6rem }
`

/** A form whose content the given function sends, and a line that tells how it went. */
const scriptOf = (submit: string): string => `
'use strict'
{
const form = document.getElementById('form')
const note = document.getElementById('note')
const say = (text) => { note.textContent = text }
const send = async (path, body) => {
  const headers = { 'Content-Type': 'application/json' }
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.error || 'This did not work.')
  return answer
}
const submit = async (fields) => {${submit}}
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  say('')
  try {
    await submit(Object.fromEntries(new FormData(form)))
  } catch (error) {
    say(error instanceof TypeError ? 'The server cannot be reached.' : error.message)
  }
})
}
`

const source = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`

/**
 * A page with one form. Its policy allows its own script and style, and requests to this server;
 * nothing of the request is in it, so there is nothing to inject.
 */
export function page({ title, fields, button, submit }: PageParts): Html {
  const script = scriptOf(submit)
  const policy = [
    "default-src 'none'",
    `script-src ${source(script)}`,
    `style-src ${source(STYLE)}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
  const html =
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${title}</title>` +
    `<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head>` +
    `<body><main><h1>${title}</h1><form id="form">${fields}<button>${button}</button></form>` +
    `<p id="note" role="status"></p></main><script>${script}</script></body></html>\n`
  return new Html(html, {
    'Content-Security-Policy': policy.join('; '),
    'X-Content-Type-Options': 'nosniff',
    // the address has the session
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  })
}

/** A labelled field. */
export const field = (name: string, label: string, attributes: string): string =>
  `<label for="${name}">${label}</label><input id="${name}" name="${name}" required ${attributes}>`

/** The fields of who signs in by password. */
export const PASSWORD_FIELDS =
  field('user', 'User name', 'autocomplete="username" autocapitalize="none" spellcheck="false"') +
  field('password', 'Password', 'type="password" autocomplete="current-password"')
