/** Where in the application somebody is. */
export type Route =
  | { readonly name: 'home' | 'login' }
  | { readonly name: 'register' | 'setup'; readonly token: string }
  | { readonly name: 'room'; readonly roomId: string }

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Reads the fragment of an address. What is unknown leads home. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/u, '').split('?')
  const [, name = '', argument = ''] = path.split('/')
  const token = new URLSearchParams(query).get('token') ?? ''
  if (name === 'login') return { name }
  if (name === 'register' || name === 'setup') return { name, token }
  if (name === 'room' && argument !== '') return { name, roomId: decode(argument) }
  return { name: 'home' }
}

/** The fragment for a place. */
export function formatRoute(route: Route): string {
  switch (route.name) {
    case 'home':
      return '#/'
    case 'login':
      return '#/login'
    case 'room':
      return `#/room/${encodeURIComponent(route.roomId)}`
    default:
      return `#/${route.name}${route.token === '' ? '' : `?token=${encodeURIComponent(route.token)}`}`
  }
}
