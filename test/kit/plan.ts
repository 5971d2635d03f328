import type {
  At,
  Plan,
  PlanAction,
  PlanDestination,
  PlanModule,
  PlanPipeline,
  PlanRule,
  PlanSource,
  PlanUse,
  PlanValue,
} from '../../compiler/plan/plan.ts';

/** Plans written by hand, for tests that need no configuration text. Every place is line 1, column 1. */

const at: At = [0, 1, 1];

interface DestinationOptions {
  readonly checks?: readonly PlanUse[];
  readonly modifiers?: readonly PlanUse[];
}

interface SourceOptions extends DestinationOptions {
  readonly tables?: readonly (readonly [table: PlanUse, block: PlanDestination])[];
  readonly rules?: readonly (readonly [rules: string, block: PlanDestination])[];
}

interface PipelineOptions extends DestinationOptions {
  readonly tables?: readonly (readonly [table: PlanUse, block: PlanSource])[];
  readonly rules?: readonly (readonly [rules: string, block: PlanSource])[];
  readonly dmarc?: boolean;
}

export function use(name: string): PlanUse {
  return { use: name, at };
}

export function module(name: string, config: { readonly [key: string]: PlanValue } = {}): PlanModule {
  return { module: name, name: null, config, at };
}

export function staticTable(entries: Readonly<Record<string, readonly string[]>>): PlanModule {
  return module('table.static', { entries: Object.entries(entries).map(([key, values]) => ({ key, values })) });
}

export function replaceRcpt(entries: Readonly<Record<string, readonly string[]>>): PlanModule {
  return { ...module('modify.replace_rcpt'), config: { table: asValue(staticTable(entries)) } };
}

export function replaceSender(entries: Readonly<Record<string, readonly string[]>>): PlanModule {
  return { ...module('modify.replace_sender'), config: { table: asValue(staticTable(entries)) } };
}

/** Modules nest in configurations as plain values. */
export function asValue(nested: PlanUse): PlanValue {
  return JSON.parse(JSON.stringify(nested));
}

export function deliver(...targets: readonly PlanUse[]): PlanDestination {
  return destination(targets.map((target) => ({ kind: 'deliver', target, at })));
}

export function reject(code = 554, enhanced = '5.7.0', text = 'no'): PlanDestination {
  return destination([{ kind: 'reject', reply: { code, enhanced, text }, at }]);
}

export function reroute(pipeline: PlanPipeline): PlanDestination {
  return destination([{ kind: 'reroute', pipeline, at }]);
}

export function destination(actions: readonly PlanAction[], options: DestinationOptions = {}): PlanDestination {
  return { at, implicit: false, checks: options.checks ?? [], modifiers: options.modifiers ?? [], actions };
}

export function source(defaultDestination: PlanDestination, options: SourceOptions = {}): PlanSource {
  return {
    at,
    implicit: false,
    checks: options.checks ?? [],
    modifiers: options.modifiers ?? [],
    destinationTables: (options.tables ?? []).map(([table, block]) => ({ table, block })),
    destinations: (options.rules ?? []).map(([rules, block]) => ({ rules: rulesOf(rules), block })),
    defaultDestination,
  };
}

export function pipeline(defaultSource: PlanSource, options: PipelineOptions = {}): PlanPipeline {
  return {
    at,
    checks: options.checks ?? [],
    modifiers: options.modifiers ?? [],
    dmarc: options.dmarc ?? false,
    sourceTables: (options.tables ?? []).map(([table, block]) => ({ table, block })),
    sources: (options.rules ?? []).map(([rules, block]) => ({ rules: rulesOf(rules), block })),
    defaultSource,
  };
}

export function msgpipeline(name: string, routes: PlanPipeline): PlanModule {
  return { module: 'msgpipeline', name, config: { hostname: 'mx.example.test' }, pipeline: routes, at };
}

export function plan(routes: PlanPipeline, blocks: Readonly<Record<string, PlanModule>> = {}): Plan {
  const named = Object.entries(blocks).map(([name, block]) => [name, { ...block, name }] as const);
  return {
    format: 'maddyc-plan',
    version: 1,
    producer: 'test',
    dialect: 'maddy',
    files: ['maddy.conf'],
    environment: [],
    globals: { hostname: 'mx.example.test', state_dir: '/var/lib/maddy' },
    endpoints: [
      {
        module: 'smtp',
        name: null,
        config: { hostname: 'mx.example.test', defer_sender_reject: true },
        pipeline: routes,
        addresses: ['tcp://127.0.0.1:25'],
        at,
      },
    ],
    blocks: Object.fromEntries(named),
  };
}

function rulesOf(text: string): readonly PlanRule[] {
  return text.split(' ').map((rule) => ({ text: rule, at }));
}
