import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
const instructions = text
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => /^[A-Z]/.test(line));
/** Instructions of each stage; the last is the image. */
const stages = text.split(/^FROM /m).slice(1);

test('has no fault that the Docker language service knows', () => {
  expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
});

test('the image is built in stages and runs as somebody who is not root', () => {
  expect(stages.length).toBeGreaterThan(1);
  expect(stages.at(-1)).toMatch(/^USER 65532:65532$/m);
  expect(stages.at(-1)).not.toMatch(/^(RUN|ADD)\b/m);
});

test('every image has a version, and Node is new enough in each', () => {
  const images = instructions.flatMap((line) => /^FROM (\S+)/.exec(line)?.[1] ?? []);
  for (const image of images)
    expect(image).toMatch(/^(node:24-\w+-slim|gcr\.io\/distroless\/nodejs24-debian12:nonroot)$/);
});

test('what it copies from the checkout is there, and not kept away from it', () => {
  const sources = instructions
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(/\s+/).slice(1, -1));
  expect(sources.length).toBeGreaterThan(0);
  for (const source of sources) expect(existsSync(join(root, source)), source).toBe(true);
  const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
  for (const needed of [
    'bin',
    'cli',
    'compiler',
    'scripts',
    'package.json',
    'package-lock.json',
    '.npmrc',
    'LICENSE',
  ]) {
    expect(ignored).not.toContain(needed);
  }
});

test('starts the program that the package names', () => {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(text).toContain(`ENTRYPOINT ["/nodejs/bin/node", "/app/${bin.maddyc}"]`);
});
