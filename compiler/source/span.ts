import type { Range } from '../../grammar/range.ts';
import type { SourceFile } from './source-file.ts';

/**
 * A stretch of a text that moves as a whole when something before it is edited: what stands in it knows its place by it, so
 * that nothing else has to be changed. Only a kept reading ever moves one (compiler/incremental).
 */
export class Passage {
  file: SourceFile;
  start: number;

  constructor(file: SourceFile, start: number) {
    this.file = file;
    this.start = start;
  }
}

/** Part of a passage; its place in the file is made on demand. */
export class Span {
  readonly passage: Passage;
  /** Offsets in the passage. */
  readonly from: number;
  readonly to: number;

  constructor(passage: Passage, from: number, to: number) {
    this.passage = passage;
    this.from = from;
    this.to = to;
  }

  get file(): SourceFile {
    return this.passage.file;
  }

  get start(): number {
    return this.passage.start + this.from;
  }

  get end(): number {
    return this.passage.start + this.to;
  }

  get range(): Range {
    const { start } = this.passage;
    return { start: start + this.from, end: start + this.to };
  }

  get place(): { readonly file: SourceFile; readonly range: Range } {
    return { file: this.file, range: this.range };
  }

  /** What stands there. */
  get text(): string {
    return this.file.text.slice(this.start, this.end);
  }

  /** The first place where `text` stands in it letter by letter; null: nowhere. */
  find(text: string): Span | null {
    const at = this.text.indexOf(text);
    return at === -1 ? null : new Span(this.passage, this.from + at, this.from + at + text.length);
  }
}
