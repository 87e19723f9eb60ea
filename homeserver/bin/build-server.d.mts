/** The file that a Node runs as the server; bundled first where that is due. */
export function serverProgram(): string
