import type { FromGraph, ToGraph } from './view-messages.ts';
import './vscode-api.ts';

const api = acquireVsCodeApi<FromGraph>();

// The page (compiler/graph/page) tells and is told by events of the document.
document.addEventListener('node-chosen', (event) => {
  if (event instanceof CustomEvent && typeof event.detail === 'string') {
    api.postMessage({ kind: 'chosen', id: event.detail });
  }
});

addEventListener('message', ({ data }: MessageEvent<ToGraph>) => {
  if (data.kind === 'show') document.dispatchEvent(new CustomEvent('show-node', { detail: data.id }));
  else say(data.note);
});

function say(note: string | null): void {
  document.getElementById('note')?.remove();
  if (note === null) return;
  const line = document.createElement('p');
  line.id = 'note';
  line.textContent = note;
  document.querySelector('header')?.after(line);
}

api.postMessage({ kind: 'ready' });
