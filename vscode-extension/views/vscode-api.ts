/** What VS Code gives to the script of a webview. */
export interface VscodeApi<Message> {
  postMessage(message: Message): void;
}

declare global {
  function acquireVsCodeApi<Message>(): VscodeApi<Message>;
}

/** An element of the page, which was written together with its script. */
export function element<Type extends Element>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
}
