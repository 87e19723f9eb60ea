/** What the Docker Engine answers with a status other than success. */
export class DockerError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const notFound = (what: string): DockerError => new DockerError(404, `No such ${what}`)
