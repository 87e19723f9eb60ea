import type { Html } from '#http/endpoint.ts'
import { field, page, PASSWORD_FIELDS } from './page.ts'

/** Tells the client, in the way that the specification demands, that the stage is done. */
const SUBMIT = `
  const session = new URLSearchParams(location.search).get('session')
  await send(location.pathname, { ...fields, session })
  form.hidden = true
  say('Thank you. You may close this window.')
  if (window.onAuthDone) {
    window.onAuthDone()
  } else if (window.opener && window.opener.postMessage) {
    window.opener.postMessage('authDone', '*')
  }
`

const TOKEN_FIELDS = field(
  'token',
  'Registration token',
  'autocomplete="off" autocapitalize="none" spellcheck="false"',
)

/** A page for each stage that this server may ask for. */
export const STAGE_PAGES: ReadonlyMap<string, Html> = new Map([
  ['m.login.password', stagePage('Confirm your password', PASSWORD_FIELDS)],
  ['m.login.registration_token', stagePage('Registration', TOKEN_FIELDS)],
  ['m.login.dummy', stagePage('Continue', '')],
])

function stagePage(title: string, fields: string): Html {
  return page({ title, fields, button: 'Continue', submit: SUBMIT })
}
