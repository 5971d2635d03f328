/**
 * Makes the universal .vsix: bundles, packs, and checks what is inside.
 *
 *   npm run package:vscode [-- --out FILE]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { scriptOptions } from '../test/kit/script-options.ts';
import { installTool } from '../test/kit/tools.ts';
import { bundleExtension } from './bundle-extension.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'vscode-extension');
const { name, version }: { name: string; version: string } = JSON.parse(
  readFileSync(join(folder, 'package.json'), 'utf8'),
);
const { values } = scriptOptions({
  options: { out: { type: 'string', default: join(folder, `${name}-${version}.vsix`) } },
});

/** Half of it is the mail server and the rest of the command line. */
const largest = 3.5 * 1024 * 1024;
const allowed =
  /^(package\.json|readme\.md|changelog\.md|license(\.txt)?|icon\.png|language-configuration\.json|(syntaxes|schemas|snippets)\/[\w.-]+\.json|walkthrough\/[\w-]+\.png|dist\/[\w.-]+\.(js|css|txt)|dist\/program\/(heavy\/)?[\w.-]+\.(cjs|mjs|txt))$/i;

const vsce = (...args: string[]): string =>
  execFileSync(process.execPath, [join(installTool('vsce'), 'vsce'), ...args], { cwd: folder, encoding: 'utf8' });

// A package of another state must not pass for this one.
rmSync(values.out, { force: true });
await bundleExtension();
const files = vsce('ls', '--no-dependencies').trim().split('\n');
const strangers = files.filter((file) => !allowed.test(file));
if (strangers.length > 0) throw new Error(`these do not belong into the package: ${strangers.join(', ')}`);
vsce('package', '--no-dependencies', '--out', values.out);
const { size } = statSync(values.out);
if (size > largest) throw new Error(`the package has ${size} bytes, more than ${largest}`);
console.log(`${relative(process.cwd(), values.out)}: ${files.length} files, ${Math.round(size / 1024)} KB`);
