import type { KeyValueStore } from '#lib/key-value-store.ts'

export const THEMES = ['system', 'dark', 'light'] as const

/** Which colours to show: those of the system, or always the same. */
export type Theme = (typeof THEMES)[number]

const KEY = 'hearth.theme'

/** The theme chosen on this device. */
export function readTheme(storage: KeyValueStore): Theme {
  const stored = storage.get(KEY)
  return THEMES.find((theme) => theme === stored) ?? 'system'
}

/** Remembers a choice. */
export function storeTheme(storage: KeyValueStore, theme: Theme): void {
  storage.set(KEY, theme)
}

/** Shows a theme on a document's root element. */
export function applyTheme(root: HTMLElement, theme: Theme): void {
  if (theme === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = theme
}
