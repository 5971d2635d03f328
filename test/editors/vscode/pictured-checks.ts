import { Checks } from '../stage.ts';
import type { Workbench } from './workbench.ts';

/** Checks that each leave a picture of the window, also when they fail. */
export class PicturedChecks extends Checks {
  readonly #workbench: Workbench;
  readonly #afterwards: readonly string[];

  /** `afterwards`: keys that close what a step has opened. */
  constructor(workbench: Workbench, afterwards: readonly string[] = ['Escape', 'Escape']) {
    super();
    this.#workbench = workbench;
    this.#afterwards = afterwards;
  }

  /** True when it passed. */
  readonly step = (name: string, picture: string, run: () => Promise<unknown>): Promise<boolean> =>
    this.check(name, async () => {
      try {
        await run();
      } finally {
        await this.#workbench.screenshot(picture);
        await this.#workbench.press(...this.#afterwards);
      }
    });
}
