interface ImportMeta {
  /** Vite's: the texts of all files of a pattern, by path. Takes literals only. */
  glob(
    pattern: string,
    options: { query: "?raw"; import: "default"; eager: true },
  ): Readonly<Record<string, string>>;
}
