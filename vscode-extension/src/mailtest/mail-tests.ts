import {
  type CancellationToken,
  Diagnostic,
  DiagnosticSeverity,
  Location,
  languages,
  Range,
  type TestController,
  type TestItem,
  TestMessage,
  type TestRun,
  TestRunProfileKind,
  TestRunRequest,
  TestTag,
  type TextDocument,
  tests,
  type Uri,
  workspace,
} from 'vscode';
import type {
  MailTestCaseResult,
  MailTestEntry,
  MailTestPolicyResult,
  MailTestProblem,
} from '../../../lsp/protocol.ts';
import { languageId } from '../active-configuration.ts';
import { Debounced } from '../debounce.ts';
import type { Feature, Parts } from '../feature.ts';
import { positionOf } from '../places.ts';
import { decodeUtf8 } from '../workspace-file.ts';
import { coverageOf, detailsOf } from './coverage.ts';

const pattern = '**/*.mailtest.{yaml,yml}';

/** `*.mailtest.yaml` in the Test Explorer: each case and policy is a test. */
export const mailTests: Feature = (parts) => {
  const controller = tests.createTestController('maddy.mailTests', 'Mail tests');
  const explorer = new MailTests(controller, parts);
  const watcher = workspace.createFileSystemWatcher(pattern);
  const run = (request: TestRunRequest, token: CancellationToken) => explorer.run(request, token);
  controller.createRunProfile('Run', TestRunProfileKind.Run, run, true, undefined, true);
  const coverage = controller.createRunProfile('Coverage of the rules', TestRunProfileKind.Coverage, run, true);
  coverage.loadDetailedCoverage = (_run, file) => Promise.resolve(detailsOf(file));
  controller.resolveHandler = (item) => (item === undefined ? explorer.findAll() : explorer.read(item));
  controller.refreshHandler = () => explorer.findAll();
  parts.context.subscriptions.push(
    controller,
    watcher,
    explorer.problems,
    watcher.onDidCreate((uri) => parts.inBackground(explorer.see(uri))),
    watcher.onDidChange((uri) => parts.inBackground(explorer.see(uri))),
    watcher.onDidDelete((uri) => explorer.remove(uri)),
    workspace.onDidOpenTextDocument((document) => explorer.seeDocument(document)),
    workspace.onDidChangeTextDocument(({ document }) => explorer.seeDocument(document)),
  );
  parts.inBackground(explorer.findAll());
};

const isTestFile = ({ path }: Uri): boolean => /\.mailtest\.ya?ml$/.test(path);

class MailTests {
  readonly problems = languages.createDiagnosticCollection('maddy mail tests');
  readonly #controller: TestController;
  readonly #parts: Parts;

  constructor(controller: TestController, parts: Parts) {
    this.#controller = controller;
    this.#parts = parts;
  }

  async findAll(): Promise<void> {
    const found = await workspace.findFiles(pattern, '**/node_modules/**');
    for (const uri of found) await this.see(uri);
    for (const document of workspace.textDocuments) this.seeDocument(document);
  }

  seeDocument(document: TextDocument): void {
    if (isTestFile(document.uri)) this.#parts.inBackground(this.see(document.uri));
  }

  remove(uri: Uri): void {
    this.#controller.items.delete(uri.toString());
    this.problems.delete(uri);
  }

  async see(uri: Uri): Promise<void> {
    const item =
      this.#controller.items.get(uri.toString()) ??
      this.#controller.createTestItem(uri.toString(), workspace.asRelativePath(uri), uri);
    this.#controller.items.add(item);
    await this.read(item);
  }

  /** Lists what the file holds. */
  async read(file: TestItem): Promise<void> {
    if (file.uri === undefined || file.parent !== undefined) return;
    const { cases, policies, problems } = await this.#parts.server.mailTestOutline({
      uri: file.uri.toString(),
      text: await textOf(file.uri),
    });
    this.#showProblems(file.uri, problems);
    file.error = problems[0]?.message;
    // A file that is half typed keeps its tests.
    if (problems.length > 0 && cases.length + policies.length === 0) return;
    file.children.replace([
      ...cases.map((each) => this.#entry(file, 'case', each)),
      ...policies.map((each) => this.#entry(file, 'policy', each)),
    ]);
  }

  async run(request: TestRunRequest, token: CancellationToken): Promise<void> {
    const listener = request.continuous === true ? this.#again(request, token) : null;
    if (listener !== null) {
      token.onCancellationRequested(() => listener.dispose());
      return;
    }
    await this.#runOnce(request, token);
  }

  /** While the user wants it: once more after each change of a configuration or a test. */
  #again(request: TestRunRequest, token: CancellationToken): { dispose(): void } {
    const { include, exclude, profile } = request;
    // A request of its own for each run: what comes under one that has ended is shown nowhere.
    const again = () => this.#runOnce(new TestRunRequest(include, exclude, profile, true), token);
    const soon = new Debounced(400, () => this.#parts.inBackground(again()));
    const changes = workspace.onDidChangeTextDocument(({ document }) => {
      if (document.languageId === languageId || isTestFile(document.uri)) soon.ask();
    });
    soon.ask();
    return {
      dispose: () => {
        soon.dispose();
        changes.dispose();
      },
    };
  }

  async #runOnce(request: TestRunRequest, token: CancellationToken): Promise<void> {
    const run = this.#controller.createTestRun(request);
    const isWanted = wantedBy(request);
    const wantsCoverage = request.profile?.kind === TestRunProfileKind.Coverage;
    try {
      for (const [, file] of this.#controller.items) {
        if (token.isCancellationRequested) break;
        if (file.children.size === 0) await this.read(file);
        const entries = [...file.children].map(([, entry]) => entry).filter(isWanted);
        const isBroken = isWanted(file) && file.error !== undefined;
        if (entries.length > 0 || isBroken) await this.#runFile(file, entries, run, wantsCoverage);
      }
    } finally {
      run.end();
    }
  }

  async #runFile(file: TestItem, entries: readonly TestItem[], run: TestRun, wantsCoverage: boolean): Promise<void> {
    if (file.uri === undefined) return;
    const all = entries.length === file.children.size;
    for (const entry of entries) run.started(entry);
    const start = Date.now();
    const answer = await this.#parts.server.runMailTest({
      uri: file.uri.toString(),
      text: await textOf(file.uri),
      ...(all ? {} : { cases: indicesOf(entries, 'case'), policies: indicesOf(entries, 'policy') }),
    });
    this.#showProblems(file.uri, answer.problems);
    const each = (Date.now() - start) / Math.max(1, entries.length);
    if (answer.problems.length > 0) {
      const messages = answer.problems.map(({ message, position }) => messageAt(message, file.uri, position));
      for (const entry of entries) run.errored(entry, messages);
      if (entries.length === 0) run.errored(file, messages);
      return;
    }
    const byId = new Map(entries.map((entry) => [entry.id, entry]));
    const report = <Result extends MailTestEntry & { readonly passed: boolean }>(
      kind: 'case' | 'policy',
      results: readonly Result[],
      judge: (entry: TestItem, result: Result) => void,
    ): void => {
      for (const result of results) {
        const entry = byId.get(idOf(kind, result.index));
        if (entry === undefined) continue;
        run.appendOutput(`${wordFor(result)} ${result.name}\r\n`, undefined, entry);
        judge(entry, result);
      }
    };
    report('case', answer.cases, (entry, result) => {
      if (result.skipped !== null) {
        run.appendOutput(`     ${result.skipped}\r\n`, undefined, entry);
        run.skipped(entry);
      } else if (result.passed) run.passed(entry, each);
      else run.failed(entry, caseMessages(result, entry), each);
    });
    report('policy', answer.policies, (entry, result) => {
      if (result.passed) run.passed(entry, each);
      else run.failed(entry, policyMessages(result, entry), each);
    });
    if (wantsCoverage) for (const covered of coverageOf(answer)) run.addCoverage(covered);
  }

  #entry(file: TestItem, kind: 'case' | 'policy', { name, index, position }: MailTestEntry): TestItem {
    const entry = this.#controller.createTestItem(idOf(kind, index), name, file.uri);
    entry.range = new Range(positionOf(position), positionOf(position));
    entry.tags = [new TestTag(kind)];
    if (kind === 'policy') entry.description = 'policy';
    return entry;
  }

  #showProblems(uri: Uri, problems: readonly MailTestProblem[]): void {
    this.problems.set(
      uri,
      problems.map(({ message, position }) => {
        const at = positionOf(position);
        const finding = new Diagnostic(new Range(at, at), message, DiagnosticSeverity.Error);
        finding.source = 'maddyc';
        return finding;
      }),
    );
  }
}

/** As `maddyc test` writes it. */
function wordFor(result: { readonly passed: boolean; readonly skipped?: string | null }): string {
  if (typeof result.skipped === 'string') return 'skip';
  return result.passed ? 'ok  ' : 'FAIL';
}

function idOf(kind: 'case' | 'policy', index: number): string {
  return `${kind}:${index}`;
}

function indicesOf(entries: readonly TestItem[], kind: 'case' | 'policy'): readonly number[] {
  return entries.flatMap(({ id }) => (id.startsWith(`${kind}:`) ? [Number(id.slice(kind.length + 1))] : []));
}

/** An item is wanted when it or the file that it stands in is asked for, and not left out. */
function wantedBy({ include, exclude }: TestRunRequest): (item: TestItem) => boolean {
  const among = (items: readonly TestItem[] | undefined, item: TestItem): boolean =>
    items?.some((each) => isSame(each, item) || (item.parent !== undefined && isSame(each, item.parent))) === true;
  return (item) => (include === undefined || among(include, item)) && !among(exclude, item);
}

/** Items are made anew when their file changes. */
function isSame(one: TestItem, other: TestItem): boolean {
  return one.id === other.id && one.uri?.toString() === other.uri?.toString();
}

function caseMessages({ mismatches }: MailTestCaseResult, { uri, range }: TestItem): readonly TestMessage[] {
  return mismatches.map(({ recipient, expected, got, notes }) => {
    const whose = recipient === null ? '' : `${recipient}: `;
    const message = TestMessage.diff([`${whose}expected ${expected}, got ${got}`, ...notes].join('\n'), expected, got);
    if (uri !== undefined && range !== undefined) message.location = new Location(uri, range);
    return message;
  });
}

function policyMessages({ expected, verdict, against }: MailTestPolicyResult, item: TestItem): readonly TestMessage[] {
  if (against.length === 0) return [messageAt(`${verdict}: ${expected}`, item.uri, item.range?.start)];
  return against.map(({ from, to, auth, endpoint, got, assumptions }) => {
    const sender = `${from === '' ? 'the null sender' : from}${auth === null ? '' : `, logged in as ${auth}`}`;
    const condition = assumptions.length === 0 ? '' : `\nif ${assumptions.join(' and ')}`;
    return messageAt(
      `${verdict}: ${expected}\n${endpoint}: from ${sender} to ${to}: ${got}${condition}`,
      item.uri,
      item.range?.start,
    );
  });
}

function messageAt(
  text: string,
  uri: Uri | undefined,
  position: { readonly line: number; readonly character: number } | undefined,
): TestMessage {
  const message = new TestMessage(text);
  if (uri !== undefined && position !== undefined) message.location = new Location(uri, positionOf(position));
  return message;
}

/** As the editor has it, else as it is stored. */
async function textOf(uri: Uri): Promise<string> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  return open?.getText() ?? decodeUtf8(await workspace.fs.readFile(uri));
}
