/** Half-open range of UTF-16 offsets into one source text: `text.slice(start, end)`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}
