/** A worker ended before it could serve; it has said why. */
export class WorkerFailed extends Error {
  constructor() {
    super('a worker ended before it was ready; the reason stands above')
    this.name = 'WorkerFailed'
  }
}
