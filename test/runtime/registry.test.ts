import { expect, test } from 'vitest';
import { allModules } from '../../compiler/catalog/catalog.ts';
import { explainMissing, loadModule, runsModule, runtimeModuleNames } from '../../runtime/registry.ts';

const entries = [...allModules()];

test('the catalog says of each module whether the runtime runs it, and is right', () => {
  const declared = entries.filter((entry) => entry.runtime).map((entry) => entry.name);
  expect([...runtimeModuleNames()].sort()).toEqual(declared.sort());
});

test('every module of the registry loads, and is called what the catalog calls it', async () => {
  for (const name of runtimeModuleNames()) {
    const loaded = await loadModule(name);
    if (loaded !== null) expect(loaded.name).toBe(name);
  }
});

test.each([
  ['imap', /Dovecot/],
  ['storage.imapsql', /Dovecot/],
  ['imap.filter.command', /Dovecot/],
  ['chatmail', /not in maddy 0\.9\.4/],
])('%s: the way on is named (R16)', (name, way) => {
  expect(runsModule(name)).toBe(false);
  expect(explainMissing(name)).toMatch(way);
});
