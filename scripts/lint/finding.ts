/** What a linter has to say about one line of a file, which is named from the repository's root. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}
