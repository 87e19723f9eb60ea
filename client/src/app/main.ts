import { createSessionStore } from '#data/session-store.ts'
import { createWebPlatform } from '#platform/web/web-platform.ts'
import { applyTheme, readTheme } from '#theme/theme.ts'
import './app.ts'
import { lazyAuthenticator, lazyOpenAccount } from './lazy-adapter.ts'
import { mark } from './marks.ts'
import { Router } from './router.ts'
import { SessionViewModel } from './session.view-model.ts'

mark('boot')
const platform = createWebPlatform()
applyTheme(document.documentElement, readTheme(platform.storage))

const session = new SessionViewModel({
  platform,
  store: createSessionStore(platform.storage),
  authenticator: lazyAuthenticator(platform),
  openAccount: lazyOpenAccount,
})

const app = document.createElement('hearth-app')
app.session = session
app.router = new Router()
document.body.append(app)
void session.resume()
