import { decodeText } from '../../../grammar/encoding.ts';
import type { FileState, Host } from '../../host.ts';
import type { PlannedModules } from '../../plan/plan.ts';
import { resolvePath } from '../../source/path.ts';
import { examplesOf } from '../../text/re2-examples.ts';
import { driveNow } from '../drive.ts';
import { chainSteps, flagAt, isFields, textAt, textsAt } from '../plan-values.ts';
import type { RoutedModule, Routes } from '../routes.ts';
import { chainLookup } from '../tables/chain.ts';
import {
  emailLocalpartLookup,
  emailLocalpartOptionalLookup,
  emailWithDomainLookup,
  identityLookup,
} from '../tables/email.ts';
import { fileLookup, parseFileTable } from '../tables/file.ts';
import { type Lookup, noValues } from '../tables/lookup.ts';
import type { RegexpTableConfig } from '../tables/regexp.ts';
import { staticLookup } from '../tables/static.ts';

/** Null: only a running server can know. */
export type TableAnswer = readonly string[] | null;

export type RegexpEngine = (config: RegexpTableConfig) => Lookup | null;

/** Looks keys up in all tables whose content the plan, or a readable file, gives. */
export class KnownTables {
  readonly missing = new Set<string>();
  readonly #plan: PlannedModules;
  readonly #routes: Routes;
  readonly #host: Host;
  readonly #regexps: RegexpEngine | null;
  readonly #lookups = new Map<RoutedModule, Lookup | null>();

  /** Without an engine for them, tables of regular expressions are not known. */
  constructor(plan: PlannedModules, routes: Routes, host: Host, regexps: RegexpEngine | null) {
    this.#regexps = regexps;
    this.#plan = plan;
    this.#routes = routes;
    this.#host = host;
  }

  /** `ask` answers for tables inside a chain, so that unknown steps branch by themselves. */
  lookup(table: RoutedModule, key: string, ask: (table: RoutedModule, key: string) => readonly string[]): TableAnswer {
    if (table.module === 'table.chain') {
      const steps = chainSteps(table.plan)?.flatMap(({ table: use, optional }) => {
        const step = this.#routes.moduleOf(use);
        return step === null ? [] : [{ table: step, optional }];
      });
      return steps === undefined
        ? null
        : driveNow(chainLookup(steps, key), (question) => ask(question.table, question.key));
    }
    const lookup = this.#lookupOf(table);
    return lookup === null ? null : lookup(key);
  }

  /** Keys and values of a table that lists them, examples of what a regular expression matches; nothing for all others. */
  entriesOf(table: RoutedModule): Iterable<readonly [key: string, values: readonly string[]]> {
    const { config } = table.plan;
    switch (table.module) {
      case 'table.static':
        return staticEntries(config.entries).map(({ key, values }) => [key, values]);
      case 'table.file': {
        const text = this.#textOf(textAt(config, 'file'));
        return text === null ? [] : parseFileTable(text).entries;
      }
      case 'table.regexp': {
        const lookup = this.#lookupOf(table);
        return exampleKeys(textAt(config, 'regexp') ?? '').map((key) => [key, lookup?.(key) ?? noValues]);
      }
      default:
        return [];
    }
  }

  #lookupOf(table: RoutedModule): Lookup | null {
    let lookup = this.#lookups.get(table);
    if (lookup === undefined) {
      lookup = this.#create(table);
      this.#lookups.set(table, lookup);
    }
    return lookup;
  }

  #create({ module, plan: { config } }: RoutedModule): Lookup | null {
    switch (module) {
      case 'table.static':
        return staticLookup(staticEntries(config.entries));
      case 'table.file':
        return this.#file(textAt(config, 'file'));
      case 'table.regexp': {
        const regexp = textAt(config, 'regexp');
        if (regexp === null || this.#regexps === null) return null;
        return this.#regexps({
          regexp,
          replacements: textsAt(config, 'replacements') ?? [],
          full_match: flagAt(config, 'full_match', true),
          case_insensitive: flagAt(config, 'case_insensitive', true),
          expand_replaceholders: flagAt(config, 'expand_replaceholders', true),
        });
      }
      case 'table.identity':
        return identityLookup;
      case 'table.email_localpart':
        return emailLocalpartLookup;
      case 'table.email_localpart_optional':
        return emailLocalpartOptionalLookup;
      case 'table.email_with_domain': {
        const domains = textsAt(config, 'domains');
        return domains === null ? null : emailWithDomainLookup(domains);
      }
      default:
        return null;
    }
  }

  /** A path that is not set, or whose file is not there, is an empty table (runtime-core 13). */
  #file(path: string | null): Lookup | null {
    if (path === null || path === '') return () => noValues;
    const absolute = this.#pathOf(path);
    const state = this.#host.read(absolute);
    if (state === undefined) {
      this.missing.add(absolute);
      return null;
    }
    const text = textOf(state);
    if (text === null) return state.kind === 'absent' ? () => noValues : null;
    const table = parseFileTable(text);
    return table.faultyLine === null ? fileLookup(table) : null;
  }

  /** Relative paths lie below the state directory, where the server runs. */
  #pathOf(path: string): string {
    return resolvePath(textAt(this.#plan.globals, 'state_dir') ?? '.', path);
  }

  #textOf(path: string | null): string | null {
    const state = path === null || path === '' ? undefined : this.#host.read(this.#pathOf(path));
    return state === undefined ? null : textOf(state);
  }
}

/** An expression may be about a part of an address only. */
function exampleKeys(expression: string): readonly string[] {
  return examplesOf(expression).map((text) => (text.startsWith('@') ? `anybody${text}` : text));
}

function textOf(state: FileState): string | null {
  if (state.kind === 'bytes') return decodeText(state.bytes);
  return state.kind === 'text' ? state.text : null;
}

function staticEntries(entries: unknown): { readonly key: string; readonly values: readonly string[] }[] {
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) => {
    if (!isFields(entry)) return [];
    const key = textAt(entry, 'key');
    const values = textsAt(entry, 'values');
    return key === null || values === null ? [] : [{ key, values }];
  });
}
