import { WireClient } from './wire-client.ts';

/** All messages of an inbox, as an IMAP client reads them. Throws when the login is refused. */
export async function readInbox(port: number, user: string, password: string): Promise<string[]> {
  const client = await WireClient.connect(port);
  try {
    await client.line();
    await command(client, `LOGIN "${user}" "${password}"`);
    await command(client, 'SELECT INBOX');
    const lines = await command(client, 'FETCH 1:* (BODY.PEEK[])');
    return lines
      .join('\r\n')
      .split(/^\* \d+ FETCH .*\{\d+\}$/m)
      .slice(1);
  } finally {
    client.destroy();
  }
}

async function command(client: WireClient, text: string): Promise<string[]> {
  client.send(`t ${text}\r\n`);
  const lines: string[] = [];
  for (;;) {
    const line = await client.line();
    if (line === '<closed>' || /^t (NO|BAD)/.test(line)) {
      // An empty mailbox has no message 1.
      if (/^t (NO|BAD)/.test(line) && text.startsWith('FETCH')) return [];
      throw new Error(`${text.replace(/LOGIN.*/, 'LOGIN')}: ${line}`);
    }
    if (line.startsWith('t OK')) return lines;
    lines.push(line);
  }
}

/** Waits for a message with that subject. */
export async function awaitMessage(port: number, user: string, password: string, subject: string): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const found = (await readInbox(port, user, password)).find((text) => text.includes(`Subject: ${subject}\r\n`));
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no message "${subject}" for ${user}`);
}
