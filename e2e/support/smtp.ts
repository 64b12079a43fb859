/** A mail server that keeps what is handed to it, for journeys that wait for a letter. */
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Letter {
  to: string;
  /** With headers, as it came. */
  text: string;
}

const PATIENCE_MS = 20_000;

export class MailServer {
  readonly port: number;
  readonly #server: Server;
  readonly #letters: Letter[];

  private constructor(server: Server, letters: Letter[]) {
    this.#server = server;
    this.#letters = letters;
    this.port = (server.address() as { port: number }).port;
  }

  static async start(): Promise<MailServer> {
    const letters: Letter[] = [];
    const server = createServer((socket) => talk(socket, letters));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return new MailServer(server, letters);
  }

  /** Takes the next letter to `email`, once it is there. */
  async next(email: string): Promise<string> {
    const until = Date.now() + PATIENCE_MS;
    while (Date.now() < until) {
      const at = this.#letters.findIndex(({ to }) => to.includes(`<${email}>`));
      const [letter] = at < 0 ? [] : this.#letters.splice(at, 1);
      if (letter) return letter.text;
      await sleep(50);
    }
    throw new Error(`no letter came to ${email}: ${JSON.stringify(this.#letters)}`);
  }

  stop(): Promise<void> {
    return new Promise((done) => this.#server.close(() => done()));
  }
}

/** The eight digits of a letter. */
export function codeIn(letter: string): string {
  const [code] = /\b\d{8}\b/.exec(letter.slice(letter.indexOf('\r\n\r\n'))) ?? [];
  if (!code) throw new Error(`no code in ${letter}`);
  return code;
}

/** One conversation, as far as a client that wants to be rid of a letter goes. */
function talk(socket: Socket, letters: Letter[]): void {
  let [rest, to, body] = ['', '', ''];
  let inBody = false;
  const say = (line: string) => socket.write(`${line}\r\n`);
  const hear = (line: string) => {
    if (inBody && line !== '.') body += `${line.replace(/^\.\./, '.')}\r\n`;
    else if (inBody) {
      inBody = false;
      letters.push({ to, text: body });
      [to, body] = ['', ''];
      say('250 kept');
    } else if (/^EHLO/i.test(line)) say('250-here\r\n250 AUTH PLAIN LOGIN');
    else if (/^AUTH/i.test(line)) say('235 in');
    else if (/^RCPT/i.test(line)) {
      to += line;
      say('250 fine');
    } else if (/^DATA/i.test(line)) {
      inBody = true;
      say('354 go on');
    } else if (/^QUIT/i.test(line)) {
      say('221 bye');
      socket.end();
    } else say('250 fine');
  };
  socket.setEncoding('utf8');
  // Whoever hangs up has ended the conversation.
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    const lines = (rest + chunk).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
  say('220 here');
}
