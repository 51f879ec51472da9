/** What can be drawn on; both figures change with its window. */
export interface Screen {
  /** Characters of a line. */
  readonly columns: number;
  readonly rows: number;
}

/** Where a command is called, and whom it tells. */
export interface Terminal {
  /** The folder that relative paths are meant from. */
  readonly folder: string;
  /** Prints lines to whoever reads the results. */
  print(text: string): void;
  /** Whether whoever reads sees colours. Default: no. */
  readonly colours?: boolean;
  /** The reader's screen. Default: there is none, and lines go to a file or another program. */
  readonly screen?: Screen;
  /** When the caller began to wait, in milliseconds of `performance.now()`. Default: when the command is called. */
  readonly began?: number;
}
