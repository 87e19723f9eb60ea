import type { Dispose } from '#lib/disposables.ts'
import type { KeyValueStore } from '#lib/key-value-store.ts'
import type { Platform } from '../platform.ts'

function listen(target: EventTarget, types: readonly string[], listener: () => void): Dispose {
  for (const type of types) target.addEventListener(type, listener)
  return () => {
    for (const type of types) target.removeEventListener(type, listener)
  }
}

const localStore: KeyValueStore = {
  get: (key) => localStorage.getItem(key) ?? undefined,
  set: (key, value) => localStorage.setItem(key, value),
  remove: (key) => localStorage.removeItem(key),
}

function browserName(): string {
  const agent = navigator.userAgent
  const names = [
    ['Edg/', 'Edge'],
    ['Firefox/', 'Firefox'],
    ['Chrome/', 'Chrome'],
    ['Safari/', 'Safari'],
  ] as const
  return names.find(([token]) => agent.includes(token))?.[1] ?? 'Browser'
}

/** The platform of a page in a browser. */
export function createWebPlatform(): Platform {
  return {
    storage: localStore,
    origin: location.origin,
    deviceName: `Hearth (${browserName()})`,
    now: () => Date.now(),
    schedule(task, delayMs) {
      const timer = setTimeout(task, delayMs)
      return () => clearTimeout(timer)
    },
    copyText: (text) => navigator.clipboard.writeText(text),
    isAttentive: () => document.visibilityState === 'visible' && document.hasFocus(),
    onAttentionChanged(listener) {
      const page = listen(document, ['visibilitychange'], listener)
      const focus = listen(window, ['focus', 'blur'], listener)
      return () => {
        page()
        focus()
      }
    },
    onOnline: (listener) => listen(window, ['online'], listener),
  }
}
