import type { ExpandedDirective } from '../expand/expanded.ts';
import type { Module } from '../ir/ir.ts';
import type { PlanInput, PlanParts } from './build.ts';
import type { At, PlanEndpoint, PlanModule, PlannedModules } from './plan.ts';

/**
 * Parts of earlier plans, by the directives that they were made of: while those stay, and everything that a block takes from beyond
 * itself, so do the parts. For one configuration that is planned again and again.
 */
export class KeptParts implements PlanParts {
  #surroundings = '';
  #lines = '';
  #endpoints = new WeakMap<ExpandedDirective, PlanEndpoint>();
  #blocks = new WeakMap<ExpandedDirective, PlanModule>();

  /**
   * For each version of the files, planned or not. A place is told by its line: while as many are there, none has moved that was not
   * edited; a snippet can move while the blocks that import it stay where they are.
   */
  follow(files: PlanInput['files']): void {
    const lines = JSON.stringify(files.map(({ path, lineStarts }) => [path, lineStarts.length]));
    if (lines === this.#lines) return;
    this.#lines = lines;
    this.#forget();
  }

  begin({ program, dialect, files }: PlanInput, globals: PlannedModules['globals']): void {
    this.follow(files);
    const surroundings = JSON.stringify([
      dialect,
      globals,
      // References are told by the block's first name; another of its names can come to be that of another block.
      program.references.flatMap(({ name, block }) =>
        block === null || block.name === name ? [] : `${name} ${block.name}`,
      ),
    ]);
    if (surroundings === this.#surroundings) return;
    this.#surroundings = surroundings;
    this.#forget();
  }

  #forget(): void {
    this.#endpoints = new WeakMap();
    this.#blocks = new WeakMap();
  }

  endpoint({ header }: Module, at: At, make: () => PlanEndpoint): PlanEndpoint {
    return part(this.#endpoints, header, at, make);
  }

  block({ header, name }: Module, at: At, make: () => PlanModule): PlanModule {
    // Of several names for one block the first keeps it.
    return header.args[0]?.value === name ? part(this.#blocks, header, at, make) : make();
  }
}

function part<Part extends Pick<PlanModule, 'at'>>(
  kept: WeakMap<ExpandedDirective, Part>,
  header: ExpandedDirective,
  at: At,
  make: () => Part,
): Part {
  const known = kept.get(header);
  if (known?.at.every((number, index) => number === at[index])) return known;
  const made = make();
  kept.set(header, made);
  return made;
}
