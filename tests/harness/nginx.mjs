// nginx in front of a server, with TLS, as docs/operations.md has it.

import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';

import { readExample } from '../examples/document.mjs';
import { temporaryFolder } from './folder.mjs';
import { RawClient, parseHead, readAnswer, requestBytes, requestText } from './raw.mjs';
import { EventStream } from './sse.mjs';
import { inTime, until } from './until.mjs';

export const NAME = 'desk.example';

// What a distribution's nginx.conf has around such a site. One worker; everything in one folder.
const around = (folder, site) => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 1024; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join('\n  ')}
${site}
}
`;

function replaced(text, from, to) {
  if (!text.includes(from)) throw new Error(`the example has no ${from}`);
  return text.replace(from, to);
}

const started = new Set();
process.prependListener('exit', () => {
  for (const child of started) child.kill('SIGTERM'); // its worker goes with it
});

/** One that nobody listens on, if nobody is faster: nginx cannot be asked for any. */
async function freePort() {
  const listener = net.createServer();
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

/** A certificate for NAME and its key, in a folder. */
function makeCertificate(folder) {
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  args.push('-nodes', '-days', '2', '-subj', `/CN=${NAME}`);
  args.push('-addext', `subjectAltName=DNS:${NAME}`);
  args.push('-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem'));
  execFileSync('openssl', args, { stdio: 'pipe' });
  return readFileSync(join(folder, 'cert.pem'));
}

export class Nginx {
  /** In front of `server`. */
  static async start(server) {
    for (let tries = 1; ; ++tries) {
      const nginx = new Nginx();
      try {
        await nginx.#start(server);
        return nginx;
      } catch (error) {
        if (tries === 3 || !error.message.includes('Address already in use')) throw error;
      }
    }
  }

  async #start(server) {
    const folder = temporaryFolder();
    this.certificate = makeCertificate(folder);
    this.port = await freePort();
    let site = readExample('examples/operations/nginx.conf');
    site = replaced(site, 'listen 443 ', `listen 127.0.0.1:${this.port} `);
    site = replaced(site, '127.0.0.1:8000', `127.0.0.1:${server.port}`);
    site = replaced(site, '/etc/ssl/desk.example.pem', join(folder, 'cert.pem'));
    site = replaced(site, '/etc/ssl/desk.example.key', join(folder, 'key.pem'));
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, around(folder, site));
    let said = '';
    this.child = spawn('nginx', ['-p', folder, '-c', file], {
      // Debian has it where only root looks.
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    started.add(this.child);
    this.child.stderr.on('data', (bytes) => (said += bytes));
    this.exited = new Promise((resolve) => this.child.on('close', resolve));
    this.child.on('error', (error) => (said += error.message));
    let running = true;
    this.exited.then(() => (running = false));
    await until('nginx', async () => {
      if (!running) throw new Error(`nginx ended: ${said}`);
      const client = await RawClient.connect(this.port).catch(() => null);
      client?.close();
      return client !== null;
    });
  }

  async stop() {
    this.child.kill('SIGTERM'); // it waits for no stream
    await inTime('end of nginx', this.exited);
    started.delete(this.child);
  }

  get host() {
    return `${NAME}:${this.port}`;
  }

  get origin() {
    return `https://${this.host}`;
  }

  /** How another client connects to it. */
  get connection() {
    return { host: '127.0.0.1', port: this.port, servername: NAME, ca: this.certificate };
  }

  /** A TLS connection on which HTTP/1.1 is spoken; from 127.0.0.2, say. */
  async connect(localAddress) {
    const socket = tls.connect({ ...this.connection, localAddress, ALPNProtocols: ['http/1.1'] });
    await inTime(
      `TLS to ${this.host}`,
      new Promise((resolve, reject) => {
        socket.once('secureConnect', resolve);
        socket.once('error', reject);
      }),
    );
    return new RawClient(socket);
  }

  async request(path, { headers = {}, localAddress, ...options } = {}) {
    const client = await this.connect(localAddress);
    try {
      const fields = { Host: this.host, ...headers };
      client.send(requestBytes(this.port, { path, headers: fields, ...options }));
      return await readAnswer(client, options.method);
    } finally {
      client.close();
    }
  }

  /** A stream for one test. */
  async open(t, path, { headers = {}, localAddress } = {}) {
    const client = await this.connect(localAddress);
    t.after(() => client.close());
    client.send(requestText(this.port, { path, headers: { Host: this.host, ...headers } }));
    await client.more(`first bytes of ${path}`);
    const firstRead = client.unread;
    const head = parseHead(await client.takeThrough('\r\n\r\n'));
    return new EventStream(client, head, firstRead);
  }
}
