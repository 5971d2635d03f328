/**
 * A text that is mostly the same as another one, in the same order: what is the same is noted as a stretch of that one, and copied at
 * the end at one go.
 */
export class CopiedText {
  readonly #source: string;
  readonly #parts: string[] = [];
  #length = 0;
  /** The stretch that was added last. */
  #from = 0;
  #to = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** Adds text that the other one has at `at`, or else somewhere or nowhere. */
  add(text: string, at: number): void {
    this.#length += text.length;
    const isSame = this.#source.startsWith(text, at);
    if (isSame && at === this.#to) {
      this.#to += text.length;
      return;
    }
    this.#endStretch();
    if (isSame) {
      this.#from = at;
      this.#to = at + text.length;
    } else this.#parts.push(text);
  }

  /** Adds text that the other one may have right behind what was added last. */
  goOn(text: string): void {
    this.add(text, this.#to);
  }

  get length(): number {
    return this.#length;
  }

  finish(): string {
    this.#endStretch();
    const [only = ''] = this.#parts;
    return this.#parts.length < 2 ? only : this.#parts.join('');
  }

  #endStretch(): void {
    if (this.#to > this.#from) this.#parts.push(this.#source.slice(this.#from, this.#to));
    this.#from = this.#to;
  }
}
