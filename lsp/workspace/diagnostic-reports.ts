import {
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic as LspDiagnostic,
} from 'vscode-languageserver';
import type { Diagnostic, Severity } from '../../compiler/diagnostics/diagnostic.ts';
import { wrap } from '../../compiler/report/wrap.ts';
import { unclosedBlock } from '../../grammar/reader-codes.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { Client } from '../client.ts';
import type { SourcePositions } from '../text/source-positions.ts';
import type { Analysis } from './analysis-cache.ts';
import type { Workspace } from './workspace.ts';

export interface Report {
  /** Changes when the findings may have. */
  readonly id: string;
  readonly items: readonly LspDiagnostic[];
}

/** A finding with the analysis that it is from. */
export interface FileFinding {
  readonly diagnostic: Diagnostic;
  readonly analysis: Analysis;
}

/** An editor does not get better by more of them, and a broken generated file can have hundreds of thousands. */
const MOST_FINDINGS = 1000;

/** What VS Code shows below a problem does not wrap, and ends at the window's edge. */
const longestLine = 90;

/** Where the page of a finding can be read without maddyc at hand; "maddyc explain" shows it offline. */
export function rulePage(code: string): string {
  return `${packageJson.homepage}/blob/main/docs/rules/${code}.md`;
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Findings in the terms of the protocol, by file. */
export class DiagnosticReports {
  readonly #workspace: Workspace;
  readonly #positions: SourcePositions;
  readonly #client: Client;
  readonly #pulled = new WeakMap<object, { readonly version: number; readonly identity: string }>();

  constructor(workspace: Workspace, positions: SourcePositions, client: Client) {
    this.#workspace = workspace;
    this.#positions = positions;
    this.#client = client;
  }

  /** What the file's main files say about it, now. */
  async of(uri: string): Promise<Report> {
    const analyses = await this.#workspace.settledTogether(this.#workspace.mainsOf(uri));
    const found = analyses.flatMap((analysis) => findingsIn(uri, analysis));
    const items = found
      .slice(0, MOST_FINDINGS)
      .flatMap(({ diagnostic, analysis }) => this.marksOf(diagnostic, analysis));
    // Several main files may say the same about a file that they share.
    const different =
      analyses.length < 2 ? items : [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
    return { id: analyses.map(({ id }) => id).join('.'), items: different };
  }

  /** What one main file says about a text. */
  inAnalysis(uri: string, analysis: Analysis): readonly LspDiagnostic[] {
    const found = findingsIn(uri, analysis).slice(0, MOST_FINDINGS);
    return found.flatMap(({ diagnostic }) => this.marksOf(diagnostic, analysis));
  }

  /** Findings of `maddyc.json` files that count for something open; they are no documents of ours, so nobody asks for them. */
  async ofSettings(): Promise<ReadonlyMap<string, readonly LspDiagnostic[]>> {
    const all = new Map<string, readonly LspDiagnostic[]>();
    for (const main of this.#workspace.mains()) {
      const analysis = await this.#workspace.settled(main);
      const { settingsUri } = analysis;
      if (settingsUri !== null && !all.has(settingsUri)) all.set(settingsUri, this.inAnalysis(settingsUri, analysis));
    }
    return all;
  }

  /** What a client that asks was told; see `isOutdated`. */
  notePulled(uri: string, { items }: Report): void {
    const document = this.#workspace.open.documentOf(uri);
    if (document !== undefined)
      this.#pulled.set(document, { version: document.version, identity: JSON.stringify(items) });
  }

  /** Whether the client was told something else about the text that it still has: another file is the cause then. */
  async isOutdated(uri: string): Promise<boolean> {
    const document = this.#workspace.open.documentOf(uri);
    const told = document && this.#pulled.get(document);
    if (document === undefined || told?.version !== document.version) return false;
    return told.identity !== JSON.stringify((await this.of(uri)).items);
  }

  async findingsOf(uri: string): Promise<readonly FileFinding[]> {
    const analyses = await this.#workspace.settledTogether(this.#workspace.mainsOf(uri));
    return analyses.flatMap((analysis) => findingsIn(uri, analysis));
  }

  /** The finding, and the place where somebody who made the mistake probably stands. */
  marksOf(diagnostic: Diagnostic, analysis: Analysis): readonly LspDiagnostic[] {
    const mark = this.translate(diagnostic, analysis);
    const [end] = diagnostic.related;
    if (diagnostic.code !== unclosedBlock || end === undefined || end.file !== diagnostic.place?.file) return [mark];
    const { relatedInformation: _, ...rest } = mark;
    const location = this.#positions.locationOf(analysis.uriOf(end.file), end.file, diagnostic.place.range);
    const echo = {
      ...rest,
      range: this.#positions.rangeOf(end.file, end.range),
      severity: DiagnosticSeverity.Information,
      message: `a "}" is missing above: ${diagnostic.message} (line ${mark.range.start.line + 1})`,
      ...(this.#client.relatedInformation
        ? { relatedInformation: [{ location, message: 'the block is opened here' }] }
        : {}),
    };
    return [mark, echo];
  }

  translate(diagnostic: Diagnostic, analysis: Analysis): LspDiagnostic {
    const { place, code, severity } = diagnostic;
    const range =
      place === null
        ? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
        : this.#positions.rangeOf(place.file, place.range);
    const tags = this.#tagsOf(diagnostic);
    return {
      range,
      severity: severities[severity],
      code: code.code,
      ...(this.#client.codeDescriptions ? { codeDescription: { href: rulePage(code.code) } } : {}),
      source: 'maddyc',
      message: [
        diagnostic.message,
        ...(diagnostic.label === null ? [] : [diagnostic.label]),
        ...diagnostic.details.flatMap((detail) => (detail.length > longestLine ? wrap(detail, longestLine) : detail)),
        // Where the code is a link, it leads there.
        ...(this.#client.codeDescriptions ? [] : [`more: maddyc explain ${code.code}`]),
      ].join('\n'),
      ...(tags.length === 0 ? {} : { tags }),
      ...(this.#client.relatedInformation && diagnostic.related.length > 0
        ? { relatedInformation: this.#relatedTo(diagnostic, analysis) }
        : {}),
    };
  }

  #relatedTo({ related }: Diagnostic, analysis: Analysis): DiagnosticRelatedInformation[] {
    return related.map(({ file, range, message }) => ({
      location: this.#positions.locationOf(analysis.uriOf(file), file, range),
      message,
    }));
  }

  #tagsOf({ code }: Diagnostic): DiagnosticTag[] {
    const tag = tagOf(code.name);
    return tag !== null && this.#client.diagnosticTags.has(tag) ? [tag] : [];
  }
}

function tagOf(name: string): DiagnosticTag | null {
  if (name.startsWith('unused-')) return DiagnosticTag.Unnecessary;
  return name === 'removed-or-renamed' || name === 'deprecated-directive' ? DiagnosticTag.Deprecated : null;
}

function findingsIn(uri: string, analysis: Analysis): FileFinding[] {
  const isMain = analysis.sources.keys().next().value === uri;
  return analysis.diagnostics
    .filter(({ place }) => (place === null ? isMain : analysis.uriOf(place.file) === uri))
    .map((diagnostic) => ({ diagnostic, analysis }));
}
