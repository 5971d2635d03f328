import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildGraph } from '../../../compiler/graph/build-graph.ts';
import { followMessage } from '../../../compiler/graph/follow-message.ts';
import { graphPage } from '../../../compiler/graph/page/page.ts';
import { explainRoute } from '../../../compiler/routing/explain/explain-route.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import { createSourceFile } from '../../../compiler/source/source-file.ts';
import { planOf } from '../../kit/compile.ts';

const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
);

/** What a reader does in a window of this size, and what he sees then: `actions` are lines that put it into `seen`. */
function seenBy(page: string, actions: string, size: readonly [width: number, height: number]): unknown {
  const driver = `addEventListener('load', () => {
  const seen = {};
  const one = (selector) => document.querySelector(selector);
  const ids = (selector) => [...document.querySelectorAll(selector)].map((element) => element.id).join(' ');
  const viewBox = () => one('#picture').getAttribute('viewBox');
  ${actions}
  document.body.innerHTML = '<pre id="seen"></pre>';
  one('#seen').textContent = JSON.stringify(seen);
});`;
  const directory = mkdtempSync(join(tmpdir(), 'maddyc-page-'));
  try {
    const file = join(directory, 'page.html');
    writeFileSync(file, page.replace('</body>', `<script>${driver}</script></body>`));
    const dom = execFileSync(
      chromium ?? '',
      [
        '--headless=new',
        '--no-sandbox',
        '--disable-gpu',
        `--window-size=${size.join()}`,
        `--user-data-dir=${directory}`,
        '--dump-dom',
        `file://${file}`,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 60_000 },
    );
    const [, seen = ''] = /<pre id="seen">(.*?)<\/pre>/.exec(dom) ?? [];
    return JSON.parse(seen);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const golden = new URL('../../golden/graph/default-shape.maddytest', import.meta.url);
const [text = ''] = readFileSync(golden, 'utf8').split('----------\n');
const host = createMemoryHost({ files: new Map([['maddy.conf', text]]) });
const plan = planOf('maddy.conf', host);
const graph = buildGraph(plan);

test.skipIf(chromium === undefined)(
  'a card and its line lead to each other; the picture can be searched and moved',
  () => {
    const page = graphPage(graph, {
      title: 'maddy.conf',
      route: null,
      sources: [createSourceFile('maddy.conf', text)],
      secrets: [],
    });
    const actions = `one('#n5 rect').dispatchEvent(new MouseEvent('click', { bubbles: true }));
  seen.clicked = [ids('.node.here'), ids('.node.near'), ids('li.here')];
  one('#l0-47').click();
  seen.line = ids('.node.here');
  one('#search').value = 'PIPELINE';
  one('#search').dispatchEvent(new Event('input'));
  seen.search = [one('#found').value, ids('.node.hit')];
  let before = viewBox();
  one('#larger').click();
  seen.zoomed = before !== viewBox();
  before = viewBox();
  for (const [type, x] of [['pointerdown', 100], ['pointermove', 160], ['pointerup', 160]]) {
    one('#stage').dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, clientX: x, clientY: 100 }));
  }
  seen.dragged = before !== viewBox();`;
    expect(seenBy(page, actions, [800, 600])).toEqual({
      // The target, all that leads to it, and nothing else; the line where it is written.
      clicked: ['n5', 'n1 n3 n4 n5 n6 n7 n9 n10 n11 n12 n13 n15 n16 n18', 'l0-7'],
      line: 'n4',
      search: ['1 found', 'n13'],
      zoomed: true,
      dragged: true,
    });
  },
  70_000,
);

describe.skipIf(chromium === undefined)('the way of a message', () => {
  const request = { endpoint: 'smtp', ip: null, auth: null, from: 'a@example.com', smtputf8: null };
  const suppositions = { checks: new Map(), tables: new Map() };
  const answer = explainRoute(plan, { ...request, to: ['bob@example.net'] }, suppositions, host);
  if (!answer.ok) throw new Error(answer.endpoints.join());
  const route = followMessage(graph, answer, request.from, () => ['what becomes of it']);
  const page = graphPage(graph, { title: 'maddy.conf', route, sources: [], secrets: [] });
  const look = `
  const inside = (element) => {
    const box = element.getBoundingClientRect(), stage = one('#stage').getBoundingClientRect();
    return box.left >= stage.left && box.right <= stage.right && box.top >= stage.top && box.bottom <= stage.bottom;
  };
  const taken = [...document.querySelectorAll('.node.taken')];
  const last = one('.steps li:last-child button');
  seen.steps = [...document.querySelectorAll('.steps button')].map((step) => step.dataset.node).join(' ');
  seen.areShown = !one('.steps').hidden;
  seen.isWhole = taken.every(inside);
  last.click();
  seen.endIsShown = inside(one('#' + last.dataset.node));
  seen.fits = document.documentElement.scrollWidth <= innerWidth;`;
  const steps = [...route.nodes].join(' ');

  test('is seen as a whole where there is room', () => {
    expect(seenBy(page, look, [2000, 900])).toEqual({
      ...{ steps, areShown: false, isWhole: true, endIsShown: true, fits: true },
    });
  }, 70_000);

  test('is named step by step where there is none, and each step leads to its card', () => {
    expect(route.nodes.size).toBeGreaterThan(4);
    expect(seenBy(page, look, [520, 700])).toEqual({
      ...{ steps, areShown: true, isWhole: false, endIsShown: true, fits: true },
    });
  }, 70_000);
});
