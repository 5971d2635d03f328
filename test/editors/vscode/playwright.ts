import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findProgram, findTool } from '../programs.ts';

/** The part of playwright-core's API that is used here; the package is fetched on demand, so its own types are not at hand. */
export interface Frame {
  evaluate<Argument, Result>(run: (argument: Argument) => Result, argument: Argument): Promise<Result>;
  click(selector: string): Promise<void>;
  fill(selector: string, value: string): Promise<void>;
  selectOption(selector: string, value: string): Promise<unknown>;
}

export interface Page {
  frames(): readonly Frame[];
  goto(url: string): Promise<unknown>;
  /** In the page, with a JSON value as its argument. */
  evaluate<Argument, Result>(run: (argument: Argument) => Result, argument: Argument): Promise<Result>;
  click(selector: string, options?: { position?: { x: number; y: number } }): Promise<void>;
  screenshot(options: { path: string }): Promise<unknown>;
  exposeFunction(name: string, run: (...args: never[]) => unknown): Promise<void>;
  on(event: 'console', listener: (message: { type(): string; text(): string }) => void): unknown;
  on(event: 'pageerror', listener: (error: Error) => void): unknown;
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
}

interface BrowserContext {
  pages(): Page[];
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: {
    launchPersistentContext(profile: string, options: object): Promise<BrowserContext>;
  };
}

export interface Browser {
  readonly page: Page;
  /** What the page wrote to its console, errors included. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

/** Headless Chromium that can reach nothing but this machine. */
export async function launchBrowser(scratch: string): Promise<Browser> {
  const executablePath = findProgram('chromium');
  const playwright: Playwright = createRequire(import.meta.url)(findTool('playwright-core'));
  const context = await playwright.chromium.launchPersistentContext(join(scratch, 'chromium'), {
    executablePath,
    headless: true,
    viewport: { width: 1280, height: 800 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const log: string[] = [];
  page.on('console', (message) => log.push(`[${message.type()}] ${message.text()}`));
  page.on('pageerror', (error) => log.push(`[page error] ${error.message}`));
  return { page, log, close: () => context.close() };
}
