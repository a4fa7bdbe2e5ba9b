// A web site of somebody else's: one page on an origin of its own, which reports its visits to the service.
import { once } from 'node:events';
import { createServer } from 'node:http';

export class Site {
  #server;

  // `body` is the page's HTML, or a function that is given the site's origin and returns it.
  static async start(body) {
    const site = new Site();
    site.#server = createServer((request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      const html = typeof body === 'function' ? body(site.origin) : body;
      response.end(`<!doctype html><title>A page</title><link rel="icon" href="data:,">${html}`);
    });
    site.#server.listen(0, '127.0.0.1');
    await once(site.#server, 'listening');
    site.origin = `http://127.0.0.1:${site.#server.address().port}`;
    return site;
  }

  async stop() {
    this.#server.closeAllConnections?.();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
