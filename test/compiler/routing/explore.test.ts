import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explore } from '../../../compiler/routing/explain/explore.ts';
import { representatives } from '../../../compiler/routing/explain/representatives.ts';
import { deliver, module, msgpipeline, pipeline, plan, reject, source, use } from '../../kit/plan.ts';

test('every combination of answers is seen once, the first options first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 }), (sizes) => {
      const run = explore(
        (oracle) =>
          sizes.map((size, question) =>
            oracle.choose(
              `q${question}`,
              Array.from({ length: size }, (_, at) => at),
            ),
          ),
        1_000,
      );
      const seen = new Set(run.results.map((answers) => answers.join()));
      expect(run.complete).toBe(true);
      expect(run.results).toHaveLength(sizes.reduce((product, size) => product * size, 1));
      expect(seen.size).toBe(run.results.length);
      expect(run.results[0]).toEqual(sizes.map(() => 0));
    }),
  );
});

test('what is asked may depend on what was answered, and equal questions get equal answers', () => {
  const { results } = explore((oracle) => {
    const first = oracle.choose('first', ['a', 'b']);
    const rest = first === 'a' ? '' : oracle.choose('second', ['x', 'y']);
    return first + rest + oracle.choose('first', ['a', 'b']);
  }, 100);
  expect([...results].sort()).toEqual(['aa', 'bxb', 'byb']);
});

test('a budget ends the search and says so', () => {
  const { results, complete } = explore((oracle) => oracle.choose('q', [1, 2, 3]), 2);
  expect([results.length, complete]).toEqual([2, false]);
});

test('representatives: each address and domain that a rule mentions, and somebody elsewhere', () => {
  const inner = msgpipeline('inner', pipeline(source(reject(), { rules: [['inner.test', reject()]] })));
  const given = plan(
    pipeline(source(deliver(use('boxes')), { rules: [['x.test ann@x.test postmaster', reject()]] }), {
      rules: [['y.test', source(reject(), { rules: [['bob@z.test', reject()]] })]],
    }),
    { boxes: module('target.lmtp'), inner },
  );
  expect([...representatives(given)].sort()).toEqual([
    'ann@x.test',
    'anybody@elsewhere.invalid',
    'anybody@inner.test',
    'anybody@x.test',
    'anybody@y.test',
    'bob@z.test',
    'postmaster',
  ]);
});
