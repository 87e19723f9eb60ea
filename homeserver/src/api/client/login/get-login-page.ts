// GET /_matrix/static/client/login/
// https://spec.matrix.org/v1.19/client-server-api/#login-fallback
import { endpoint } from '#http/endpoint.ts'
import { page, PASSWORD_FIELDS } from '../user-interactive-authentication/page.ts'

/** The client embeds the page and takes the answer of `/login` by a function that it defines. */
const SUBMIT = `
  const query = new URLSearchParams(location.search)
  const body = {
    type: 'm.login.password',
    identifier: { type: 'm.id.user', user: fields.user },
    password: fields.password,
  }
  for (const name of ['device_id', 'initial_device_display_name']) {
    if (query.has(name)) body[name] = query.get(name)
  }
  if (query.get('refresh_token') === 'true') body.refresh_token = true
  const answer = await send('/_matrix/client/v3/login', body)
  form.hidden = true
  say('You are signed in.')
  if (window.matrixLogin && window.matrixLogin.onLogin) window.matrixLogin.onLogin(answer)
`

const LOGIN_PAGE = page({
  title: 'Sign in',
  fields: PASSWORD_FIELDS,
  button: 'Sign in',
  submit: SUBMIT,
})

export const getLoginPage = endpoint({
  method: 'GET',
  path: '/_matrix/static/client/login/',
  auth: 'none',
  handler: () => Promise.resolve(LOGIN_PAGE),
})
