import { expect, it } from 'vitest';
import { analyse } from '../../../compiler/analyse.ts';
import { KeptExpansion } from '../../../compiler/incremental/kept-expansion.ts';
import { KeptLowering } from '../../../compiler/incremental/kept-lowering.ts';
import { planModules } from '../../../compiler/plan/build.ts';
import { KeptParts } from '../../../compiler/plan/kept-parts.ts';
import type { PlannedModules } from '../../../compiler/plan/plan.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';

interface Planned {
  readonly kept: PlannedModules;
  readonly anew: PlannedModules;
}

/** The plan of each text, with the parts that were kept from the one before and without. */
function plansOf(texts: readonly string[]): readonly Planned[] {
  const expansion = new KeptExpansion();
  const lowering = new KeptLowering();
  const parts = new KeptParts();
  return texts.map((text) => {
    const plans: Planned[] = [];
    const host = createMemoryHost({ files: new Map([['main.conf', text]]), env: new Map() });
    const { files, loadErrors } = analyse(
      'main.conf',
      host,
      {},
      {
        expand: (path, from, how = {}) => expansion.expand(path, from, how),
        lower: (directives, dialect, start) => lowering.lower(directives, dialect, start),
        planModules: (input) => {
          const kept = planModules(input, parts);
          plans.push({ kept, anew: planModules(input) });
          return kept;
        },
      },
    );
    parts.follow(files);
    expect(loadErrors).toEqual([]);
    const [planned] = plans;
    if (planned === undefined) throw new Error('nobody has asked for a plan');
    return planned;
  });
}

const written = `hostname mx.example.org
tls off
target.smtp relay first second {
    targets tcp://192.0.2.1:25
}
target.smtp other {
    targets tcp://192.0.2.2:25
}
smtp tcp://127.0.0.1:25 {
    destination example.org {
        deliver_to &second
    }
    default_destination {
        deliver_to &other
    }
}
smtp tcp://127.0.0.1:26 {
    deliver_to &first
}
`;

it('parts stay while nothing that they are made of is another', () => {
  const [first, then] = plansOf([written, written.replace('192.0.2.2', '192.0.2.9')]);
  expect(then?.kept).toEqual(then?.anew);
  expect(then?.kept.blocks.relay).toBe(first?.kept.blocks.relay);
  expect(then?.kept.blocks.other).not.toBe(first?.kept.blocks.other);
});

const change = (...pairs: readonly (readonly [string, string])[]): string =>
  pairs.reduce((text, [before, after]) => text.replace(before, after), written);

// Each leaves the endpoint as it is written, and on its line.
it.each([
  ['a global directive that it inherits', change(['mx.example.org', 'mail.example.org'])],
  ['the name of a block that it refers to by another name', change(['target.smtp relay', 'target.smtp renamed'])],
  [
    'the block that has a second name',
    change(['relay first second', 'relay first'], ['target.smtp other', 'target.smtp other second']),
  ],
])('a part is made anew after a change of %s', (_, changed) => {
  const [first, then, back] = plansOf([written, changed, written]);
  expect(then?.anew.endpoints).not.toEqual(first?.anew.endpoints);
  expect(then?.kept).toEqual(then?.anew);
  expect(back?.kept).toEqual(back?.anew);
});
