// One request, sent as it is written: the path is not normalised, and no header is added but Host and the length.
import { request } from 'node:http';

// Resolves with { status, headers, body }, the body as bytes.
export function send(origin, { method = 'GET', path, headers = {}, body }) {
  const { hostname, port } = new URL(origin);
  const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
  const options = { hostname, port, method, path, headers: { ...length, ...headers }, agent: false };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
