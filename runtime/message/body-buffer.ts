import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writevSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../make-directory.ts';
import { freeMemory } from './free-memory.ts';

/** `buffer` of an endpoint: where bodies wait while they are handled (runtime-core 10.2). */
export type BufferMode =
  | { readonly kind: 'ram' }
  | { readonly kind: 'fs'; readonly directory: string }
  | { readonly kind: 'auto'; readonly size: number; readonly directory: string };

const nothing = Buffer.alloc(0);

/** Bytes of all bodies in memory together; over it, bodies go to files earlier than their endpoint says. */
export class MemoryBudget {
  readonly #limit: number;
  readonly #freesPieces: boolean;
  #used = 0;

  /** `freesPieces`: pieces are what sockets have read, and nobody else has them. */
  constructor(limit: number, freesPieces = false) {
    this.#limit = limit;
    this.#freesPieces = freesPieces;
  }

  get exhausted(): boolean {
    return this.#used > this.#limit;
  }

  take(bytes: number): void {
    this.#used += bytes;
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }

  /** A piece is in a file now. */
  free(piece: Buffer): void {
    if (this.#freesPieces && piece.length >= smallPiece) freeMemory(piece);
  }
}

const smallPiece = 4096;
/** So many pieces may be small: an ordinary message comes in one or two. */
const fewPieces = 16;
const slabSize = 16_384;
const fileBlock = 65_536;
/** So many blocks are kept for readers that are a little behind. */
const sharedBlocks = 8;
/** Bodies under this stay in memory whatever the budget says: a file would cost more than it saves. */
const smallBody = 65_536;

/**
 * Bytes that are appended once and read any number of times. File work is synchronous: a write into the page cache
 * takes less than a turn of the thread pool.
 */
export class BodyBuffer {
  readonly #mode: BufferMode;
  readonly #budget: MemoryBudget;
  #pieces: Buffer[] = [];
  /** Free rest of the last slab, into which small pieces are copied: each Buffer object costs more than their bytes. */
  #slab = nothing;
  #inMemory = 0;
  /** Written, but its reader may not be through with it until the next one comes. */
  #lastWritten: Buffer = nothing;
  #file: number | null = null;
  #inFile = 0;
  #readers = 0;
  /** Blocks of the file by their place, while it is read; null before the first. */
  #recent: Map<number, Buffer> | null = null;

  constructor(mode: BufferMode, budget: MemoryBudget) {
    this.#mode = mode;
    this.#budget = budget;
  }

  get length(): number {
    return this.#inFile + this.#inMemory;
  }

  /** Keeps the piece itself when it is large. Throws what the file system throws. */
  append(piece: Buffer): void {
    if (piece.length >= smallPiece || this.#pieces.length < fewPieces) this.#pieces.push(piece);
    else this.#copyIn(piece);
    this.#inMemory += piece.length;
    this.#budget.take(piece.length);
    if (this.#file === null ? this.#leavesMemory() : this.#inMemory >= fileBlock) this.#spill();
  }

  chunks(): Iterable<Buffer> {
    return this.#file === null ? this.#pieces : this.#fileChunks(this.#file);
  }

  *#fileChunks(file: number): Iterable<Buffer> {
    if (this.#inMemory > 0) this.#spill();
    this.#readers++;
    try {
      for (let at = 0; at < this.#inFile; ) {
        const block = this.#recent?.get(at) ?? this.#read(file, at);
        at += block.length;
        yield block;
      }
    } finally {
      this.#readers--;
      if (this.#readers === 0) this.#recent = null;
    }
  }

  /** As `chunks`, but a piece holds its bytes only until the next is taken: a file is read through one block of memory. */
  *passingChunks(): Iterable<Buffer> {
    if (this.#file === null) {
      yield* this.#pieces;
      return;
    }
    if (this.#inMemory > 0) this.#spill();
    const own = Buffer.allocUnsafeSlow(Math.min(fileBlock, this.#inFile));
    for (let at = 0; at < this.#inFile; ) {
      const block =
        this.#recent?.get(at) ?? (this.#readers > 0 ? this.#read(this.#file, at) : readBlock(this.#file, at, own));
      at += block.length;
      yield block;
    }
  }

  /** Who reads at the same time gets the same bytes: checks of a message do. */
  #read(file: number, at: number): Buffer {
    const bytes = readBlock(file, at, Buffer.allocUnsafeSlow(Math.min(fileBlock, this.#inFile - at)));
    this.#recent ??= new Map();
    const [oldest] = this.#recent.keys();
    if (oldest !== undefined && this.#recent.size >= sharedBlocks) this.#recent.delete(oldest);
    this.#recent.set(at, bytes);
    return bytes;
  }

  /** Frees memory and file; what was read before stays valid. */
  discard(): void {
    this.#forgetMemory();
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    this.#inFile = 0;
    this.#lastWritten = nothing;
    this.#recent = null;
  }

  #copyIn(piece: Buffer): void {
    if (piece.length > this.#slab.length) this.#slab = Buffer.allocUnsafeSlow(slabSize);
    piece.copy(this.#slab);
    const used = this.#slab.subarray(0, piece.length);
    const last = this.#pieces.at(-1);
    const continues =
      last !== undefined && last.buffer === used.buffer && last.byteOffset + last.length === used.byteOffset;
    if (continues) {
      this.#pieces[this.#pieces.length - 1] = Buffer.from(last.buffer, last.byteOffset, last.length + piece.length);
    } else {
      this.#pieces.push(used);
    }
    this.#slab = this.#slab.subarray(piece.length);
  }

  #leavesMemory(): boolean {
    if (this.#mode.kind === 'ram') return false;
    if (this.#mode.kind === 'fs' || this.#inMemory > this.#mode.size) return true;
    return this.#budget.exhausted && this.#inMemory > smallBody;
  }

  #spill(): void {
    if (this.#mode.kind === 'ram') return;
    this.#file ??= openNameless(this.#mode.directory);
    for (let left = this.#pieces; left.length > 0; ) {
      const written = writevSync(this.#file, left, this.#inFile);
      this.#inFile += written;
      left = withoutFirst(left, written);
    }
    for (const piece of [this.#lastWritten, ...this.#pieces.slice(0, -1)]) this.#budget.free(piece);
    this.#lastWritten = this.#pieces.at(-1) ?? nothing;
    this.#forgetMemory();
  }

  #forgetMemory(): void {
    this.#budget.give(this.#inMemory);
    this.#inMemory = 0;
    this.#pieces = [];
    this.#slab = nothing;
  }
}

/** As much of the file from `at` on as `block` takes. */
function readBlock(file: number, at: number, block: Buffer): Buffer {
  const read = readSync(file, block, 0, block.length, at);
  if (read === 0) throw new Error('a buffered message body has become shorter on disk');
  return block.subarray(0, read);
}

function withoutFirst(pieces: readonly Buffer[], bytes: number): Buffer[] {
  const left: Buffer[] = [];
  for (const piece of pieces) {
    if (bytes < piece.length) left.push(piece.subarray(bytes));
    bytes = Math.max(0, bytes - piece.length);
  }
  return left;
}

/** The name goes at once, so that nothing is left behind, whatever happens to this process. */
function openNameless(directory: string): number {
  makeDirectory(directory);
  const path = join(directory, randomBytes(16).toString('hex'));
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return file;
}
