/** Where a command is called, and whom it tells. */
export interface Terminal {
  /** The folder that relative paths are meant from. */
  readonly folder: string;
  /** Prints lines to whoever reads the results. */
  print(text: string): void;
}
