// A web site of somebody else's, on an origin of its own: its pages report their visits to the service.
import { once } from 'node:events';
import { createServer } from 'node:http';

export class Site {
  requests = []; // the paths that were asked for
  #server;

  // `body` is the HTML of every page, or a function that is given the site's origin and a path and returns it or a promise
  // of it.
  static async start(body, { host = '127.0.0.1', headers = {} } = {}) {
    const site = new Site();
    site.#server = createServer(async ({ url }, response) => {
      site.requests.push(url);
      const html = typeof body === 'function' ? await body(site.origin, url) : body;
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
      response.end(`<!doctype html><title>A page</title><link rel="icon" href="data:,">${html}`);
    });
    site.#server.listen(0, '127.0.0.1');
    await once(site.#server, 'listening');
    site.origin = `http://${host}:${site.#server.address().port}`;
    return site;
  }

  async stop() {
    this.#server.closeAllConnections?.();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
