import type { Code } from '../../../grammar/code.ts';
import { type Finding, MOST_OF_A_KIND } from '../../../grammar/finding.ts';
import { type DiagnosticParts, diagnose } from '../../diagnostics/diagnose.ts';
import type { Diagnostic, Place } from '../../diagnostics/diagnostic.ts';
import { provenance } from '../../diagnostics/provenance.ts';
import type { Origin } from '../../source/origin.ts';
import type { SourceFile } from '../../source/source-file.ts';

/** Collects diagnostics: each place once for a code, however often it is imported, and of each code only the first ones. */
export class DiagnosticList {
  readonly #diagnostics: Diagnostic[] = [];
  readonly #seen = new Map<Code, Map<SourceFile | null, Set<number>>>();
  readonly #counts = new Map<Code, number>();

  /** False when more of this code are not wanted, so that their making can be saved. */
  wants(code: Code): boolean {
    return (this.#counts.get(code) ?? 0) < MOST_OF_A_KIND;
  }

  has(code: Code): boolean {
    return this.#counts.has(code);
  }

  add(code: Code, message: string, place: Place | null, parts: DiagnosticParts = {}): void {
    if (this.#isNew(code, place)) this.#diagnostics.push(diagnose(code, message, place, parts));
  }

  /** At a value of the expanded tree, with the way it came. */
  addAt(code: Code, message: string, origin: Origin, parts: DiagnosticParts = {}): void {
    if (!this.wants(code)) return;
    this.add(code, message, origin, { ...parts, related: [...(parts.related ?? []), ...provenance(origin)] });
  }

  addFinding(file: SourceFile, { code, message, range, label, details, related, fixes }: Finding): void {
    this.add(
      code,
      message,
      { file, range },
      {
        label,
        details,
        related: related.map((one) => ({ file, ...one })),
        fixes: fixes.map(({ title, safe, edits }) => ({
          title,
          safe,
          edits: edits.map((edit) => ({ file, ...edit })),
        })),
      },
    );
  }

  #isNew(code: Code, place: Place | null): boolean {
    if (!this.wants(code)) return false;
    const files = this.#seen.get(code) ?? new Map<SourceFile | null, Set<number>>();
    this.#seen.set(code, files);
    const places = files.get(place?.file ?? null) ?? new Set<number>();
    files.set(place?.file ?? null, places);
    const start = place?.range.start ?? -1;
    if (places.has(start)) return false;
    places.add(start);
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
    return true;
  }

  /** In the order of the files, and of the text in each. */
  inOrder(files: readonly SourceFile[]): Diagnostic[] {
    const rank = new Map(files.map((file, index) => [file, index]));
    const rankOf = ({ place }: Diagnostic): number => (place === null ? -1 : (rank.get(place.file) ?? files.length));
    return this.#diagnostics.sort(
      (a, b) => rankOf(a) - rankOf(b) || (a.place?.range.start ?? 0) - (b.place?.range.start ?? 0),
    );
  }
}
