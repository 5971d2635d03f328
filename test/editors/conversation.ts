import { existsSync, readFileSync } from 'node:fs';
import type {
  DiagnosticSeverity,
  DidChangeTextDocumentParams,
  DidOpenTextDocumentParams,
  Range,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { until } from './stage.ts';

interface Message {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

type Line = { readonly from: 'editor' | 'server'; readonly message: Message } | { readonly started: number };

interface Finding {
  readonly range: Range;
  readonly severity?: DiagnosticSeverity;
  readonly message: string;
}

/** What an editor and the server said to each other, as recorder.ts writes it down. */
export class Conversation {
  readonly #trace: string;

  constructor(trace: string) {
    this.#trace = trace;
  }

  #lines(): readonly Line[] {
    if (!existsSync(this.#trace)) return [];
    const written = readFileSync(this.#trace, 'utf8');
    // The last line may still be under way.
    return written
      .split('\n')
      .slice(0, -1)
      .map((line): Line => JSON.parse(line));
  }

  #messages(from: 'editor' | 'server'): readonly Message[] {
    return this.#lines().flatMap((line) => ('from' in line && line.from === from ? [line.message] : []));
  }

  /** What the editor asked by this method so far, with the answers that have come, the last ones first. */
  exchanges(method: string): readonly { readonly params: unknown; readonly answer: Message | undefined }[] {
    const answers = this.#messages('server').filter((message) => message.method === undefined);
    return this.#messages('editor')
      .filter((message) => message.method === method)
      .map(({ id, params }) => ({ params, answer: answers.find((answer) => id !== undefined && answer.id === id) }))
      .toReversed();
  }

  /** Waits for an answer in which these words are, and gives it as text. */
  async answer(method: string, words: string): Promise<string> {
    return await until(`${method} is answered with ${words}`, async () =>
      this.exchanges(method)
        .map(({ answer }) => JSON.stringify(answer?.result ?? null))
        .find((answer) => answer.includes(words)),
    );
  }

  /** The findings that the server told of last. */
  findings(file: string): readonly Finding[] {
    const told = this.#messages('server')
      .filter(({ method }) => method === 'textDocument/publishDiagnostics')
      .map(({ params }) => params as { readonly uri: string; readonly diagnostics: readonly Finding[] })
      .findLast(({ uri }) => uri.endsWith(`/${file}`));
    return told?.diagnostics ?? [];
  }

  /** The text that the editor has, by its own word; null when it has not opened the file. */
  text(file: string): string | null {
    let document: TextDocument | null = null;
    for (const { method, params } of this.#messages('editor')) {
      if (method === 'textDocument/didOpen') {
        const { uri, languageId, version, text } = (params as DidOpenTextDocumentParams).textDocument;
        if (uri.endsWith(`/${file}`)) document = TextDocument.create(uri, languageId, version, text);
      } else if (method === 'textDocument/didChange' && document !== null) {
        const { textDocument, contentChanges } = params as DidChangeTextDocumentParams;
        if (textDocument.uri.endsWith(`/${file}`)) {
          document = TextDocument.update(document, [...contentChanges], textDocument.version);
        }
      }
    }
    return document?.getText() ?? null;
  }

  /** Waits until a line of the file, counted from 1, is this one. */
  async line(file: string, number: number, wanted: string): Promise<void> {
    const line = (): string | undefined => this.text(file)?.split('\n')[number - 1];
    try {
      await until(`line ${number} is ${JSON.stringify(wanted)}`, async () => line() === wanted);
    } catch (error) {
      throw new Error(`${(error as Error).message}, but ${JSON.stringify(line())}`);
    }
  }

  /** Whether a server that was started still is there. */
  serverRuns(): boolean {
    return this.#lines().some((line) => 'started' in line && isProcess(line.started));
  }
}

function isProcess(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}
