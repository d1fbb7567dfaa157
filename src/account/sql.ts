/** What the tables ask of the object's SQLite. */
export interface Sql {
  exec<Row extends Record<string, SqlStorageValue>>(
    query: string,
    ...bindings: SqlStorageValue[]
  ): SqlStorageCursor<Row>;
}

/** The object's SQLite, counting rows: they are what storage costs. Every index entry that is written is one too. */
export class CountedSql implements Sql {
  readonly #sql: SqlStorage;
  #written = 0;
  #read = 0;
  /** Its counts are final only once it has been read to its end, which is so by the next statement. */
  #last: { rowsWritten: number; rowsRead: number } | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  exec<Row extends Record<string, SqlStorageValue>>(
    query: string,
    ...bindings: SqlStorageValue[]
  ): SqlStorageCursor<Row> {
    this.#written = this.rowsWritten;
    this.#read = this.rowsRead;
    const cursor = this.#sql.exec<Row>(query, ...bindings);
    this.#last = cursor;
    return cursor;
  }

  /** Since the object started. */
  get rowsWritten(): number {
    return this.#written + (this.#last?.rowsWritten ?? 0);
  }

  /** Since the object started. */
  get rowsRead(): number {
    return this.#read + (this.#last?.rowsRead ?? 0);
  }
}
