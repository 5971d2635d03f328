import { join } from 'node:path';
import type { SamplePosition } from '../expected.ts';
import { until } from '../stage.ts';
import type { Page } from './playwright.ts';

const editor = '.editor-instance .monaco-editor';

/** What a user does in VS Code's window and sees there. Lines and columns count from 1, as the status bar does. */
export class Workbench {
  readonly #page: Page;
  readonly #output: string;

  constructor(page: Page, output: string) {
    this.#page = page;
    this.#output = output;
  }

  screenshot(name: string): Promise<unknown> {
    return this.#page.screenshot({ path: join(this.#output, `${name}.png`) });
  }

  press(...keys: readonly string[]): Promise<void> {
    return keys.reduce((before, key) => before.then(() => this.#page.keyboard.press(key)), Promise.resolve());
  }

  type(text: string): Promise<void> {
    return this.#page.keyboard.type(text);
  }

  /** Texts of the elements, in the order of the page; editors write spaces as other characters. */
  texts(selector: string): Promise<string[]> {
    return this.#page.evaluate(
      (query) =>
        [...document.querySelectorAll(query)].map((element) =>
          (element.textContent ?? '').replace(/[\u00a0\u00b7]/g, ' '),
        ),
      selector,
    );
  }

  waitForText(selector: string, part: string, seconds = 15): Promise<string> {
    return until(
      `"${part}" in ${selector}`,
      async () => (await this.texts(selector)).find((text) => text.includes(part)),
      seconds,
    );
  }

  async waitForFile(): Promise<void> {
    await until('the file is shown', async () => (await this.texts(`${editor} .view-line`)).length > 0, 60);
  }

  languageName(): Promise<string> {
    return this.texts('#status\\.editor\\.mode').then((texts) => (texts[0] ?? '').trim());
  }

  /** The squiggles' places: each with the text that it underlines is not in the page, so their number by severity. */
  async squiggles(severity: 'error' | 'warning' | 'info' | 'hint'): Promise<number> {
    return (await this.texts(`${editor} .squiggly-${severity}`)).length;
  }

  /** Line number and covered columns of each squiggle, by its place in the page. */
  squiggleLines(severity: 'error' | 'warning' | 'info' | 'hint'): Promise<number[]> {
    return this.#page.evaluate(
      ([root, query]) => {
        const tops = new Map(
          [...document.querySelectorAll(`${root} .line-numbers`)].map((e) => [
            Math.round(e.getBoundingClientRect().top),
            Number(e.textContent),
          ]),
        );
        return [...document.querySelectorAll(`${root} ${query}`)].map(
          (e) => tops.get(Math.round(e.getBoundingClientRect().top)) ?? 0,
        );
      },
      [editor, `.squiggly-${severity}`] as const,
    );
  }

  /** Rows of the Problems view. */
  async problems(): Promise<string[]> {
    await this.runCommand('Problems: Focus on Problems View');
    await until(
      'rows in the Problems view',
      async () => (await this.texts('.markers-panel .monaco-list-row')).length > 1,
    );
    return this.texts('.markers-panel .monaco-list-row');
  }

  async hidePanel(): Promise<void> {
    await this.runCommand('View: Hide Panel');
  }

  async runCommand(title: string): Promise<void> {
    await this.press('F1');
    await until('the command palette', async () => (await this.texts('.quick-input-widget')).length > 0);
    await this.type(title);
    await this.waitForText('.quick-input-list .monaco-list-row', title);
    await this.press('Enter');
  }

  async cursor(): Promise<readonly [line: number, column: number]> {
    const [status = ''] = await this.texts('#status\\.editor\\.selection');
    const [, line, column] = /Ln (\d+), Col (\d+)/.exec(status) ?? [];
    return [Number(line), Number(column)];
  }

  async goTo({ line, column }: SamplePosition): Promise<void> {
    await this.press('Escape');
    await this.#page.click(`${editor} .view-lines`, { position: { x: 600, y: 300 } });
    // Ctrl+G already writes the colon; two of them mean an offset.
    await this.press('Control+g');
    await until('the line prompt', async () => (await this.texts('.quick-input-widget')).length > 0);
    await this.type(`${line}:${column}`);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await this.press('Enter');
    await until(`cursor at ${line}:${column}`, async () => {
      const at = await this.cursor();
      return at[0] === line && at[1] === column;
    });
  }

  /** The rendered lines from the top. */
  lines(): Promise<string[]> {
    return this.#page.evaluate(
      (query) =>
        [...document.querySelectorAll<HTMLElement>(query)]
          .sort((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top))
          .map((element) => (element.textContent ?? '').replace(/[\u00a0\u00b7]/g, ' ')),
      `${editor} .view-lines .view-line`,
    );
  }

  /** Colour class of the first rendered piece of text that is exactly this. */
  colourOf(text: string): Promise<string | null> {
    return this.#page.evaluate(
      ([query, wanted]) =>
        [...document.querySelectorAll(query)].find((element) => element.textContent?.trim() === wanted)?.className ??
        null,
      [`${editor} .view-line span span`, text] as const,
    );
  }

  async hover(at: SamplePosition, part: string): Promise<string> {
    await this.goTo(at);
    await this.press('Control+k', 'Control+i');
    return this.waitForText('.monaco-hover:not(.hidden) .hover-contents', part);
  }

  async suggestions(label: string): Promise<void> {
    await this.press('Control+Space');
    await this.waitForSuggestion(label);
  }

  async waitForSuggestion(label: string): Promise<void> {
    const labels = '.suggest-widget.visible .monaco-list-row .label-name';
    await until(`suggestion ${label}`, async () => (await this.texts(labels)).includes(label), 15);
  }

  async acceptSuggestion(label: string): Promise<void> {
    const focused = '.suggest-widget.visible .monaco-list-row.focused .label-name';
    for (let tries = 0; (await this.texts(focused))[0] !== label; tries += 1) {
      if (tries > 200) throw new Error(`suggestion ${label} cannot be reached`);
      await this.press('ArrowDown');
    }
    await this.press('Enter');
  }

  async waitForLine(number: number, text: string): Promise<void> {
    let seen = '';
    await until(
      `line ${number}`,
      async () => {
        seen = (await this.lines())[number - 1] ?? '';
        return seen.trimEnd() === text;
      },
      10,
    ).catch(() => {
      throw new Error(`line ${number} is ${JSON.stringify(seen)}, not ${JSON.stringify(text)}`);
    });
  }
}
