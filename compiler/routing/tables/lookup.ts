/** All values of a key, in order; none when the table does not hold it. Keys are used literally: callers normalise. */
export type Lookup = (key: string) => readonly string[];

export const noValues: readonly string[] = [];
