import type { ExpandedDirective } from '../expand/expanded.ts';
import type { Property, Value } from './ir.ts';

/** Properties of a block while they are collected. */
export type Properties = Map<string, Property>;

/** A property that grows with each directive: it is extended in place, since tables can have many thousand entries. */
export class ListProperty implements Property {
  readonly value: Value[] = [];
  readonly written: ExpandedDirective[] = [];
  unreadable = false;
  #places: Map<string, number> | null = null;

  /** An element that has the same `unique` field as an earlier one takes its place. */
  add(value: Value | undefined, directive: ExpandedDirective, unique?: string): void {
    if (value === undefined) {
      this.unreadable = true;
      return;
    }
    const key = unique === undefined ? undefined : fieldOf(value, unique);
    const place = typeof key === 'string' ? this.#places?.get(key) : undefined;
    if (place !== undefined) {
      this.value[place] = value;
      this.written[place] = directive;
      return;
    }
    if (typeof key === 'string') {
      this.#places ??= new Map();
      this.#places.set(key, this.value.length);
    }
    this.value.push(value);
    this.written.push(directive);
  }
}

export function listOf(properties: Properties, key: string): ListProperty {
  const known = properties.get(key);
  if (known instanceof ListProperty) return known;
  const list = new ListProperty();
  properties.set(key, list);
  return list;
}

export function fieldOf(value: Value | undefined, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}
