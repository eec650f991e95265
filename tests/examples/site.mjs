// The web server of a team's own pages: static examples, bundled applications, and tokens. Its
// origin is not livetape's, as with a development server.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { EXAMPLES, bundle, makeProject } from './project.mjs';

const HTML = { 'Content-Type': 'text/html; charset=utf-8' };
const application = (name) =>
  `<!doctype html><html lang="en"><title>${name}</title><link rel="icon" href="data:,">` +
  `<body><div id="root"></div><script src="/${name}.js"></script></body></html>`;

export class Site {
  /** What GET /token answers; `asked` counts how often. */
  token = '';
  asked = 0;

  static async start(mounts) {
    const site = new Site();
    site.project = await makeProject();
    site.scripts = new Map();
    for (const [name, entry] of Object.entries(mounts)) {
      site.scripts.set(`/${name}.js`, await bundle(site.project, entry));
    }
    site.http = createServer((request, response) => void site.#answer(request, response));
    await new Promise((resolve) => site.http.listen(0, '127.0.0.1', resolve));
    site.url = `http://127.0.0.1:${site.http.address().port}`;
    return site;
  }

  async #answer({ url }, response) {
    const { pathname } = new URL(url, this.url);
    const script = this.scripts.get(pathname);
    if (script) return response.end(script);
    if (pathname === '/token') {
      this.asked++;
      return response.end(this.token);
    }
    if (this.scripts.has(`${pathname}.js`)) {
      return response.writeHead(200, HTML).end(application(pathname.slice(1)));
    }
    const page = /^\/[a-z]+\.html$/.test(pathname) && join(EXAMPLES, 'browser', pathname);
    const text = page ? await readFile(page).catch(() => null) : null;
    return text === null ? response.writeHead(404).end() : response.writeHead(200, HTML).end(text);
  }

  stop() {
    this.http.closeAllConnections();
    this.http.close();
  }
}
