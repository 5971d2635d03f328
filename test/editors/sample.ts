import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importedFile, importedText, sampleFile, sampleText } from './expected.ts';

export function writeSample(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, sampleFile), sampleText);
  writeFileSync(join(folder, importedFile), importedText);
}
