import type { FixResult } from '../compiler/fix/fix.ts';
import type { FixChoice } from '../compiler/fix/select.ts';
import {
  type AnalyseOptions,
  type Analysis,
  analyse,
  type Diagnostic,
  type Plan,
  type PlanProblem,
  prettyReport,
  type Terminal,
} from '../compiler/index.ts';
import { type Invocation, UsageError } from './command.ts';
import { DiskHost } from './disk-host.ts';
import { type ColorChoice, type Io, type Output, showsUnicode, usesColor } from './io.ts';
import { isPlanText } from './plan-text.ts';
import { type EnvironmentOptions, openProject } from './project.ts';
import { version } from './version.ts';

export const producer = `maddyc ${version}`;

export interface OpenOptions extends EnvironmentOptions {
  /** Name and place of what comes from standard input: its imports and its project are looked for there. */
  readonly stdinFilename?: string | undefined;
}

/** One file that a command works on, read once. */
export class ConfigurationFile {
  readonly path: string;
  readonly host: DiskHost;
  readonly #text: string;
  readonly #options: AnalyseOptions;

  private constructor(path: string, host: DiskHost, text: string, options: AnalyseOptions = {}) {
    this.path = path;
    this.host = host;
    this.#text = text;
    this.#options = options;
  }

  /** With what its project says about it. Throws UsageError when there is no such file. */
  static async open(path: string, io: Io, options: OpenOptions = {}): Promise<ConfigurationFile> {
    const name = path === '-' ? (options.stdinFilename ?? path) : path;
    const { settings, env, environmentIsComplete } = await openProject(name, io, options);
    const host = new DiskHost(io.cwd, env, path === '-' ? { path: name, bytes: await io.readStdin() } : null);
    const reading = textOf(host, name);
    if (reading.text === null) throw new UsageError(`${path}: ${reading.reason}`);
    const expansion = environmentIsComplete ? { environmentIsComplete } : {};
    return new ConfigurationFile(name, host, reading.text, { settings: settings ?? undefined, expansion });
  }

  /** In maddy's words and ways: a directory reads as an empty file, and what cannot be read is an error like others. */
  static async openForRun(path: string, io: Io): Promise<ConfigurationFile> {
    const host = new DiskHost(io.cwd, io.env);
    const reading = textOf(host, path);
    if (reading.text === null && !reading.isDirectory) {
      throw new Error(`failed to read config ${path}: open ${path}: ${reading.reason}`);
    }
    return new ConfigurationFile(path, host, reading.text ?? '');
  }

  get isPlan(): boolean {
    return isPlanText(this.#text);
  }

  analyse(options: AnalyseOptions = {}): Analysis {
    return analyse(this.path, this.host, { ...this.#options, ...options });
  }

  /** What its fixes would make of it and its imports; nothing is written. */
  async fix(choice: FixChoice, options: AnalyseOptions = {}): Promise<FixResult> {
    const { fixAll } = await import('../compiler/fix/fix.ts');
    return fixAll(this.path, this.host, { ...this.#options, ...options }, choice);
  }

  /** The plan that `run` and `route` work with: compiled here or read, the environment put in. Problems are thrown. */
  async plan(): Promise<Plan> {
    if (this.isPlan) return this.#readPlan();
    const analysis = this.analyse({ environment: 'expand' });
    const { plan, diagnostics } = analysis.plan(producer);
    if (plan === null) throw new ConfigurationErrors(analysis, diagnostics, analysis.reference().error);
    return plan;
  }

  /** What one block needs, whatever is wrong in others. */
  async planOfBlock(name: string): Promise<Plan> {
    if (this.isPlan) return this.#readPlan();
    const { planOfBlock } = await import('../compiler/plan/part.ts');
    const analysis = this.analyse({ environment: 'expand' });
    const part = planOfBlock(analysis, name, producer);
    if (part.plan === null) throw new ConfigurationErrors(analysis, part.diagnostics, part.maddy);
    return part.plan;
  }

  /** The plan with its references to the environment; null when there is none. */
  async planWithReferences(): Promise<Plan | null> {
    if (!this.isPlan) return this.analyse().plan(producer).plan;
    const { readPlan } = await import('../compiler/plan/read.ts');
    const reading = readPlan(this.#text);
    return reading.ok ? reading.plan : null;
  }

  async #readPlan(): Promise<Plan> {
    // Validators of every module's configuration come with it: only a plan needs them.
    const [{ readPlan }, { resolveEnvironment }] = await Promise.all([
      import('../compiler/plan/read.ts'),
      import('../compiler/plan/environment.ts'),
    ]);
    const reading = readPlan(this.#text);
    if (!reading.ok)
      throw new UsageError(`${this.path} is not a plan that can run`, problemLines(reading.problems, []));
    const { plan, problems } = resolveEnvironment(reading.plan, this.host.env);
    if (problems.length > 0) throw new UsageError(`${this.path} cannot run here`, problemLines(problems, plan.files));
    return plan;
  }
}

type TextReading =
  | { readonly text: string }
  | { readonly text: null; readonly reason: string; readonly isDirectory: boolean };

function textOf(host: DiskHost, path: string): TextReading {
  const state = host.read(path);
  switch (state.kind) {
    case 'text':
      return { text: state.text };
    case 'bytes':
      return { text: new TextDecoder().decode(state.bytes) };
    case 'absent':
      return { text: null, reason: 'no such file or directory', isDirectory: false };
    case 'directory':
      return { text: null, reason: 'is a directory', isDirectory: true };
    case 'unreadable':
      return { text: null, reason: state.reason, isDirectory: false };
  }
}

/** What keeps a configuration from being compiled. */
export class ConfigurationErrors extends Error {
  readonly analysis: Analysis;
  readonly diagnostics: readonly Diagnostic[];
  /** `maddy`: its own words, where it refuses the same. */
  constructor(analysis: Analysis, diagnostics: readonly Diagnostic[], maddy: string | null) {
    super(maddy ?? firstErrorLine(diagnostics));
    this.analysis = analysis;
    this.diagnostics = diagnostics;
  }
}

/** Ours in maddy's form (R5): one line, as harnesses read it. */
function firstErrorLine(diagnostics: readonly Diagnostic[]): string {
  const [first] = diagnostics;
  if (first === undefined) return 'the configuration cannot be loaded';
  const { place, message } = first;
  if (place === null) return message;
  return `${place.file.path}:${lineOf(place.file.lineStarts, place.range.start)}: ${message}`;
}

function lineOf(lineStarts: readonly number[], offset: number): number {
  const next = lineStarts.findIndex((start) => start > offset);
  return next === -1 ? lineStarts.length : next;
}

function problemLines(problems: readonly PlanProblem[], files: readonly string[]): string {
  return problems
    .map(({ at, message, pointer }) => {
      const place = at === null ? pointer : `${files[at[0]] ?? ''}:${at[1]}:${at[2]}`;
      return place === '' ? message : `${place}: ${message}`;
    })
    .join('\n  ');
}

export function colorChoice(invocation: Invocation): ColorChoice {
  const choice = invocation.value('color');
  return choice === 'always' || choice === 'never' ? choice : 'auto';
}

/** Findings for people, in the colours and characters that the stream can show. */
export function writeFindings(
  diagnostics: readonly Diagnostic[],
  analysis: Analysis,
  output: Output,
  invocation: Invocation,
): void {
  output.write(prettyReport(diagnostics, { ...terminalOf(output, invocation), secrets: analysis.program.secrets }));
}

export function terminalOf(output: Output, invocation: Invocation): Terminal {
  const { env } = invocation.io;
  return {
    color: usesColor(colorChoice(invocation), output, env),
    unicode: output.isTerminal && showsUnicode(env),
    columns: output.columns,
  };
}
