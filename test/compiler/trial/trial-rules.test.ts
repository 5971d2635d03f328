import { expect, test } from 'vitest';
import { allModules } from '../../../compiler/catalog/catalog.ts';
import { type TrialRule, trialRuleOf, trialRules } from '../../../compiler/trial/trial-rules.ts';

const entries = [...allModules()];

test('every module of the catalog has its rule, and nothing else has one', () => {
  expect(Object.keys(trialRules).sort()).toEqual(entries.map(({ name }) => name).sort());
});

test('a module that nobody has thought about stops a trial', () => {
  expect(() => trialRuleOf('target.telegraph')).toThrow('target.telegraph');
  expect(() => trialRuleOf('toString')).toThrow('toString');
});

/** Rules that a kind of module may have; what stays as it is, is named one by one. */
const allowed: readonly (readonly [kind: string, rules: readonly TrialRule[], harmless: readonly string[]])[] = [
  ['target', ['delivers'], ['msgpipeline', 'target.queue']],
  ['storage', ['delivers'], []],
  ['auth', ['account'], []],
  ['check', ['passes'], ['require_tls', 'check.authorize_sender']],
  ['tls_loader', ['certificate'], []],
  ['mx_auth_policy', ['left-out'], []],
  ['blob_store', ['left-out'], []],
  ['imap_filter', ['left-out'], []],
  ['libdns', ['left-out'], []],
  ['endpoint', ['listens', 'left-out'], []],
];

test.each(allowed)('modules of the kind %s do nothing outside of a trial', (kind, rules, harmless) => {
  const others = entries.filter((entry) => entry.kind === kind && !rules.includes(trialRuleOf(entry.name)));
  expect(others.map(({ name }) => name).sort()).toEqual([...harmless].sort());
});

test('whoever takes mail makes a file of it, or hands it on inside of the trial', () => {
  const takers = entries.filter((entry) => entry.implements.some((each) => each === 'delivery_target'));
  const inside = takers.filter(({ name }) => trialRuleOf(name) !== 'delivers').map(({ name }) => name);
  expect(inside.sort()).toEqual(['dummy', 'msgpipeline', 'target.queue']);
});

test('whoever stays as it is names no file, host or program', () => {
  const harmless = [
    'bool',
    'int',
    'enum',
    'duration',
    'fail_action',
    'limit',
    'module_ref',
    'pipeline',
    'static_entry',
  ];
  const stays = entries.filter(({ name }) => trialRuleOf(name) === 'same');
  const others = stays.flatMap(({ name, directives }) =>
    Object.entries(directives).flatMap(([key, { type }]) => (harmless.includes(type) ? [] : [`${name} ${key}`])),
  );
  // What the server calls itself.
  expect(others).toEqual(['msgpipeline hostname']);
});
