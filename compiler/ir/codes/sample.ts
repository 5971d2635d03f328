/** Configurations for the samples of codes: whole files, so that a sample gives its own finding and no other. */

/** A listener whose pipeline is `body`. */
export function listener(body: string): string {
  return `hostname mx.example.org\ntls off\nsmtp tcp://127.0.0.1:2525 {\n${indent(body)}\n}\n`;
}

/** `blocks` at the top level, and a listener that delivers to `target`. */
export function withTarget(blocks: string, target: string): string {
  return `hostname mx.example.org\ntls off\n${blocks}\nsmtp tcp://127.0.0.1:2525 {\n    deliver_to ${target}\n}\n`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '    ');
}
