import { Query, type Client, type QueryResultRow } from 'pg'
import type { Statement } from './pipelined-client.ts'

type Done<Row extends QueryResultRow> = ConstructorParameters<typeof Query<Row>>[2]

/**
 * A named statement as pg's own query object. Given a plain object pg copies it by its property
 * descriptors, which costs a hot path more than building the message does.
 */
class NamedQuery<Row extends QueryResultRow> extends Query<Row> {
  readonly name: string

  constructor(statement: Statement, values: unknown[], done: Done<Row>) {
    super(statement.text, values, done)
    this.name = statement.name
  }
}

/**
 * Runs a named statement.
 * @throws the server's or the connection's error
 */
export function runNamed<Row extends QueryResultRow>(
  client: Client,
  statement: Statement,
  values: unknown[],
): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const done: Done<Row> = (error, result) => {
      if (error) reject(error)
      else resolve(result.rows)
    }
    client.query(new NamedQuery<Row>(statement, values, done))
  })
}
