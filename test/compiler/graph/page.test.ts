import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildGraph } from '../../../compiler/graph/build-graph.ts';
import { graphPage } from '../../../compiler/graph/page/page.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import { createSourceFile } from '../../../compiler/source/source-file.ts';
import { planOf } from '../../kit/compile.ts';

const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
);

/** What a reader does, and what he sees then. */
const driver = `addEventListener('load', () => {
  const seen = {};
  const one = (selector) => document.querySelector(selector);
  const ids = (selector) => [...document.querySelectorAll(selector)].map((element) => element.id).join(' ');
  const viewBox = () => one('#picture').getAttribute('viewBox');
  one('#n5 rect').dispatchEvent(new MouseEvent('click', { bubbles: true }));
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
  seen.dragged = before !== viewBox();
  document.body.innerHTML = '<pre id="seen"></pre>';
  one('#seen').textContent = JSON.stringify(seen);
});`;

test.skipIf(chromium === undefined)(
  'a card and its line lead to each other; the picture can be searched and moved',
  () => {
    const golden = new URL('../../golden/graph/default-shape.maddytest', import.meta.url);
    const [text = ''] = readFileSync(golden, 'utf8').split('----------\n');
    const graph = buildGraph(planOf('maddy.conf', createMemoryHost({ files: new Map([['maddy.conf', text]]) })));
    const page = graphPage(graph, {
      title: 'maddy.conf',
      route: null,
      caption: [],
      sources: [createSourceFile('maddy.conf', text)],
      secrets: [],
    });
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
          `--user-data-dir=${directory}`,
          '--dump-dom',
          `file://${file}`,
        ],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 60_000 },
      );
      const [, seen = ''] = /<pre id="seen">(.*?)<\/pre>/.exec(dom) ?? [];
      expect(JSON.parse(seen)).toEqual({
        // The target, all that leads to it, and nothing else; the line where it is written.
        clicked: ['n5', 'n1 n3 n4 n5 n6 n7 n9 n10 n11 n12 n13 n15 n16 n18', 'l0-7'],
        line: 'n4',
        search: ['1 found', 'n13'],
        zoomed: true,
        dragged: true,
      });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
  70_000,
);
