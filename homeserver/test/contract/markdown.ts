export const bullets = (lines: readonly string[]): string =>
  lines.map((line) => `- ${line}`).join('\n')

export function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n')
}
