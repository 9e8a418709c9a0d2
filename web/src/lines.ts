/** The lines of a text, read from the first to the last. */
export class Lines {
  readonly #all: readonly string[];
  #at = 0;

  constructor(all: readonly string[]) {
    this.#all = all;
  }

  /** The next line; undefined behind the last. */
  get next(): string | undefined {
    return this.#all[this.#at];
  }

  /** Passes over the next line. */
  pass() {
    this.#at += 1;
  }

  /** Takes the next lines as long as they belong. */
  take(belongs: (line: string) => boolean): string[] {
    const start = this.#at;
    while (this.#at < this.#all.length && belongs(this.#all[this.#at]!)) this.#at += 1;
    return this.#all.slice(start, this.#at);
  }
}
