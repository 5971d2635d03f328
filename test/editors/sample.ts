import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importedFile, importedText, sampleFile, sampleText } from './expected.ts';
import { parts, tourFile, tourTestFile, tourTestText, tourText, trialFile, trialText } from './tour.ts';

export function writeSample(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, sampleFile), sampleText);
  writeFileSync(join(folder, importedFile), importedText);
}

/** Also what is without mistakes; `port` is where the server to try out listens. */
export function writeTour(folder: string, port: number): void {
  for (const [file, text] of [
    [tourFile, tourText],
    [tourTestFile, tourTestText],
    [trialFile, trialText(port, join(folder, 'state'))],
    ...Object.entries(parts),
  ] as const) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}
