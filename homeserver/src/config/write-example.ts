import { inline, settings, type Setting } from './documentation.ts'

const HEAD = `# Generated from the configuration schemas (hearth check-config --write-docs). Do not edit.
#
# Copy this file to homeserver.yaml and take away the "#" before what you want to change: every
# setting is optional and shown with its default. \${NAME} in a value is replaced by the
# environment variable. docs/config.md says the same as a table.
`

const WIDTH = 96

/** The text of homeserver.yaml.example. */
export function configExample(): string {
  const blocks = settings(false).map((setting) => block(setting, '').join('\n'))
  return `${HEAD}\n${blocks.join('\n\n')}\n`
}

function block(setting: Setting, indent: string): string[] {
  const comment = wrap(setting.description, WIDTH - indent.length).map(
    (line) => `${indent === '' ? '' : '#'}${indent}# ${line}`,
  )
  const key = `#${indent}${setting.name}:`
  if (setting.settings.length > 0) {
    return [...comment, key, ...setting.settings.flatMap((child) => block(child, `${indent}  `))]
  }
  const file = `#${indent}${setting.name}_file: ./${setting.name}`
  const value = setting.default === undefined ? '' : ` ${inline(setting.default)}`
  return [...comment, `${key}${value}`, ...(setting.secret ? [file] : [])]
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
