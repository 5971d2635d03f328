import { join } from 'node:path';
import type { SamplePosition } from '../expected.ts';
import { pause, until } from '../stage.ts';
import type { Frame, Page } from './playwright.ts';

const editor = '.editor-instance .monaco-editor';

/** What a user does in VS Code's window and sees there. Lines and columns count from 1, as the status bar does. */
export class Workbench {
  readonly #page: Page;
  readonly #output: string;

  constructor(page: Page, output: string) {
    this.#page = page;
    this.#output = output;
  }

  async screenshot(name: string): Promise<void> {
    // What slides or fades in shall have arrived.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await this.#page.screenshot({ path: join(this.#output, `${name}.png`) });
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

  /** Errors in all files, as the status bar counts them. */
  async errorCount(): Promise<number> {
    const [counts = ''] = await this.texts('#status\\.problems');
    return Number(/\d+/.exec(counts)?.[0] ?? Number.NaN);
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
    await this.#openPrompt('F1');
    await this.type(title);
    await this.waitForText('.quick-input-list .monaco-list-row', title);
    // What was called lately stands first, though its title may be longer.
    const titles = await this.texts('.quick-input-list .monaco-list-row .label-name');
    await this.press(...Array.from({ length: Math.max(0, titles.indexOf(title)) }, () => 'ArrowDown'), 'Enter');
  }

  /** Of a message in the corner, or in the list of messages where they go after a while. */
  async pressButton(title: string): Promise<void> {
    const button = `.notification-list-item .monaco-button:text-is("${title}")`;
    await until(`the button ${title}`, async () => {
      const titles = await this.texts('.notification-list-item .monaco-button');
      if (titles.includes(title)) return true;
      await this.runCommand('Notifications: Show Notifications');
      return false;
    });
    await this.#page.click(button);
  }

  /** In the text of a message in the corner. */
  async pressLink(text: string): Promise<void> {
    const link = '.notification-list-item-message a';
    await this.waitForText(link, text);
    await this.#page.click(`${link}:has-text("${text}")`);
  }

  /** What the palette offers for these words; it is open afterwards. */
  async offeredCommands(words: string): Promise<string[]> {
    await this.#openPrompt('F1');
    await this.type(words);
    await this.waitForText('.quick-input-list .monaco-list-row', words.trim());
    return this.texts('.quick-input-list .monaco-list-row');
  }

  /** The innermost page of a webview in which this selector finds something. */
  webview(selector: string): Promise<Frame> {
    return until(`a webview with ${selector}`, async () => {
      for (const frame of this.#page.frames()) {
        const has = await frame
          .evaluate((query) => document.querySelector(query) !== null, selector)
          .catch(() => false);
        if (has) return frame;
      }
      return null;
    });
  }

  /** Texts in a webview, once there is one. */
  async webviewTexts(selector: string): Promise<string[]> {
    const frame = await this.webview(selector);
    return frame.evaluate(
      (query) => [...document.querySelectorAll(query)].map((element) => element.textContent ?? ''),
      selector,
    );
  }

  /** Opens a file of the folder by its name; its own folder must be open in the Explorer. */
  async open(name: string): Promise<void> {
    await this.runCommand('File: Focus on Files Explorer');
    const row = `.explorer-folders-view .monaco-list-row[aria-label^="${name}"]`;
    await until(`${name} in the Explorer`, async () => (await this.labels(row)).length > 0);
    await this.#page.click(row);
    await this.waitForText('.tab.active', name.slice(name.lastIndexOf('/') + 1));
    await this.press('Control+1');
  }

  /** In the first editor, as a user types it into the search box. */
  async replaceAll(before: string, after: string): Promise<void> {
    await this.press('Control+1', 'Control+h');
    await until('the search box', async () => (await this.labels('.find-widget.visible')).length > 0);
    await this.press('Control+a');
    await this.type(before);
    await this.press('Tab');
    await this.type(after);
    await this.press('Control+Alt+Enter', 'Escape');
  }

  /** Whether a tab shows that its file is not saved. */
  async hasUnsaved(name: string): Promise<boolean> {
    return (await this.labels(`.tab.dirty[data-resource-name="${name}"]`)).length > 0;
  }

  async showTab(name: string): Promise<void> {
    await this.#page.click(`.tab[data-resource-name="${name}"]`);
    await this.waitForText('.tab.active', name);
    await this.press('Control+1');
  }

  /** The prompt is in the page before it takes keys, and a view that is just opening may take the focus away from it again. */
  async #openPrompt(key: string): Promise<void> {
    await until(`the prompt of ${key}`, async () => {
      await this.press(key);
      await new Promise((resolve) => setTimeout(resolve, 250));
      const isReady = await this.#page.evaluate(
        () => document.activeElement?.closest('.quick-input-widget') !== null && document.activeElement !== null,
        undefined,
      );
      if (!isReady) await this.press('Escape');
      return isReady;
    });
  }

  async cursor(): Promise<readonly [line: number, column: number]> {
    const [status = ''] = await this.texts('#status\\.editor\\.selection');
    const [, line, column] = /Ln (\d+), Col (\d+)/.exec(status) ?? [];
    return [Number(line), Number(column)];
  }

  async goTo({ line, column }: SamplePosition): Promise<void> {
    await this.press('Escape', 'Control+1');
    // Ctrl+G already writes the colon; two of them mean an offset.
    await this.#openPrompt('Control+g');
    await this.type(`${line}:${column}`);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await this.press('Enter');
    await until(`cursor at ${line}:${column}`, async () => {
      const at = await this.cursor();
      return at[0] === line && at[1] === column;
    });
  }

  /** Text of a line; null when it is not in view. */
  line(number: number): Promise<string | null> {
    return this.#page.evaluate(
      ([root, wanted]) => {
        const topOf = (element: Element) => Math.round(element.getBoundingClientRect().top);
        const margin = [...document.querySelectorAll(`${root} .line-numbers`)].find((e) => e.textContent === wanted);
        const line = [...document.querySelectorAll(`${root} .view-lines .view-line`)].find(
          (each) => margin !== undefined && topOf(each) === topOf(margin),
        );
        return line?.textContent?.replace(/[\u00a0\u00b7]/g, ' ') ?? null;
      },
      [editor, String(number)] as const,
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

  /** Titles of what is done already in the walkthrough that is shown. */
  tickedSteps(): Promise<string[]> {
    return this.#page.evaluate(
      (query) =>
        [...document.querySelectorAll(query)].map(
          (box) => box.closest('.getting-started-step')?.querySelector('.step-title')?.textContent ?? '',
        ),
      '.getting-started-step [role=checkbox][aria-checked=true]',
    );
  }

  /** What screen readers are told of these elements. */
  labels(selector: string): Promise<string[]> {
    return this.#page.evaluate(
      (query) => [...document.querySelectorAll(query)].map((element) => element.getAttribute('aria-label') ?? ''),
      selector,
    );
  }

  /** Of the name under the cursor. */
  async rename(name: string): Promise<void> {
    await this.press('F2');
    // The box is there before it takes keys.
    await until('the rename box', () =>
      this.#page.evaluate(
        () => document.activeElement !== null && document.activeElement.closest('.rename-box') !== null,
        undefined,
      ),
    );
    await this.press('Control+a');
    await this.type(name);
    await this.press('Enter');
  }

  /**
   * Opens the list of what is offered at the cursor, its heading first. VS Code looks for a light bulb a quarter of a second after the
   * cursor moved, and then drops what was asked for by key and is not answered yet.
   */
  async offers(part: string): Promise<readonly string[]> {
    await pause(400);
    await until('the light bulb', async () => (await this.labels('[class*="lightbulb" i]')).length > 0);
    await this.press('Control+.');
    await this.waitForText('.action-widget .monaco-list-row', part);
    return this.texts('.action-widget .monaco-list-row');
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
        seen = (await this.line(number)) ?? '';
        return seen.trimEnd() === text;
      },
      10,
    ).catch(() => {
      throw new Error(`line ${number} is ${JSON.stringify(seen)}, not ${JSON.stringify(text)}`);
    });
  }
}
