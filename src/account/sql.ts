/** What the tables ask of the object's SQLite. */
export interface Sql {
  exec<Row extends Record<string, SqlStorageValue>>(
    query: string,
    ...bindings: SqlStorageValue[]
  ): SqlStorageCursor<Row>;
}

/** The object's SQLite, counting the rows that are written: they are what storage costs. Every index entry is one too. */
export class CountedSql implements Sql {
  readonly #sql: SqlStorage;
  #written = 0;
  /** Its count is final only once it has been read to its end, which is so by the next statement. */
  #last: { rowsWritten: number } | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  exec<Row extends Record<string, SqlStorageValue>>(
    query: string,
    ...bindings: SqlStorageValue[]
  ): SqlStorageCursor<Row> {
    this.#written = this.rowsWritten;
    const cursor = this.#sql.exec<Row>(query, ...bindings);
    this.#last = cursor;
    return cursor;
  }

  /** Since the object started. */
  get rowsWritten(): number {
    return this.#written + (this.#last?.rowsWritten ?? 0);
  }
}
