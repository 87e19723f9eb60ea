import { inline, settings, type Setting } from './documentation.ts'

const HEAD = `<!-- Generated from the configuration schemas (hearth check-config --write-docs). Do not edit. -->

# Configuration

Hearth reads the file that \`--config\` names, else \`homeserver.yaml\` in the working directory, else nothing:
every setting has a default. \`hearth check-config\` checks a file and names the line of each mistake; an
unknown setting is a mistake.

- \`\${NAME}\` in a value is replaced by the environment variable of that name, which must be set.
- A secret may stand in a file of its own: \`url_file: ./secret\` instead of \`url\`. The path is relative to
  the configuration file.
- \`--host\`, \`--port\` and \`--data\` on the command line go before the file.
`

/** The text of docs/config.md. */
export function configReference(): string {
  const all = settings(true)
  const plain = all.filter((setting) => setting.settings.length === 0)
  const sections = all.filter((setting) => setting.settings.length > 0)
  return [HEAD, table(plain, ''), ...sections.map(section)].join('\n')
}

function section(setting: Setting): string {
  return `## ${setting.name}\n\n${setting.description}\n\n${table(setting.settings, '')}`
}

function table(list: readonly Setting[], prefix: string): string {
  return `| Setting | Type | Default | Meaning |\n|---|---|---|---|\n${rows(list, prefix)}\n`
}

function rows(list: readonly Setting[], prefix: string): string {
  return list
    .map((setting) => {
      const name = `${prefix}${setting.name}`
      if (setting.settings.length > 0) {
        return `| \`${name}\` | | | ${setting.description} |\n${rows(setting.settings, `${name}.`)}`
      }
      const type = setting.type.replaceAll('|', '\\|')
      const standard = setting.default === undefined ? '' : `\`${inline(setting.default)}\``
      const secret = setting.secret ? ` Or \`${setting.name}_file\`.` : ''
      return `| \`${name}\` | ${type} | ${standard} | ${setting.description}${secret} |`
    })
    .join('\n')
}
