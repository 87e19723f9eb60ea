const done = new Set<string>()

/** Records when something was first reached, for measuring start-up; stays in release builds. */
export function mark(name: 'boot' | 'shell-painted' | 'sdk-loaded'): void {
  if (done.has(name)) return
  done.add(name)
  performance.mark(`hearth:${name}`)
}
