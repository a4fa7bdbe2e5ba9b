// An OpenAPI document, held against the answers of the service that it describes.
import assert from 'node:assert/strict';

import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const gifBytes = 43;
// Given before a worker has seen the request.
const answersOfNginx = [401, 413, 414, 502];
const methods = ['get', 'post', 'put', 'patch', 'delete', 'options'];

export class Description {
  #document;
  #ajv = new Ajv2020.default({ strict: false, allErrors: true });
  #seen = new Set();

  constructor(document) {
    this.#document = document;
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(document, 'openapi');
  }

  get paths() {
    return Object.keys(this.#document.paths);
  }

  methodsOf(path) {
    return Object.keys(this.#document.paths[path]).filter((name) => methods.includes(name));
  }

  // A page of another origin may call it.
  isPublic(path) {
    return 'options' in this.#document.paths[path];
  }

  isGuarded(path) {
    return this.#operations(path).some(({ security }) => security?.length > 0);
  }

  // Every answer that is described, as "get /path 200".
  answers() {
    return this.paths.flatMap((path) => this.methodsOf(path).flatMap((method) =>
      Object.keys(this.#document.paths[path][method].responses).map((status) => `${method} ${path} ${status}`)));
  }

  // Those of them that no answer was held against.
  unseen() {
    return this.answers().filter((answer) => !this.#seen.has(answer));
  }

  // Fails where the answer is not as described. The answer to an undescribed method is held against the 405 that the
  // path's operations share.
  check(path, method, { status, headers, body }) {
    const item = this.#document.paths[path];
    const described = item[method] ? method : this.methodsOf(path)[0];
    const at = this.#resolve(['paths', path, described, 'responses', `${status}`]);
    const what = `${method} ${path} ${status}`;
    assert.ok(item[method] || status === 405, `${what}: the method is not described`);
    assert.ok(item[described].responses[status], `${what} is not described; it says ${body.toString().slice(0, 200)}`);

    this.#checkHeaders(what, at, headers);
    this.#checkEverywhere(what, path, status, headers);
    this.#checkBody(what, at, headers['content-type'], body);
    this.#seen.add(what);
    if (status === 405) this.methodsOf(path).forEach((each) => this.#seen.add(`${each} ${path} 405`));
  }

  // Fails where an example is not of the schema that it stands beside. Returns how many there are.
  checkExamples() {
    let count = 0;
    const walk = (node, at) => {
      if (node === null || typeof node !== 'object') return;
      const examples = [
        ...('example' in node ? [node.example] : []),
        ...Object.values(node.schema && node.examples || {}).map(({ value }) => value),
      ];
      for (const example of examples) {
        if (node.schema) this.#checkSchema(`the example at ${at.join('/')}`, [...at, 'schema'], example);
        count += 1;
      }
      for (const [name, child] of Object.entries(node)) if (name !== 'example') walk(child, [...at, name]);
    };
    walk(this.#document, []);
    return count;
  }

  #operations(path) {
    return this.methodsOf(path).map((method) => this.#document.paths[path][method]);
  }

  #at(pointer) {
    return pointer.reduce((node, name) => node?.[name], this.#document);
  }

  // The place that a pointer leads to, references followed.
  #resolve(pointer) {
    const reference = this.#at(pointer)?.$ref;
    return reference ? this.#resolve(reference.split('/').slice(1)) : pointer;
  }

  #checkSchema(what, pointer, value) {
    const fragment = pointer.map((name) => encodeURIComponent(`${name}`.replaceAll('~', '~0').replaceAll('/', '~1')));
    const validate = this.#ajv.getSchema(`openapi#/${fragment.join('/')}`);
    const isValid = validate(value);
    assert.ok(isValid, `${what}: ${this.#ajv.errorsText(validate.errors)} in ${JSON.stringify(value)}`.slice(0, 800));
  }

  #checkHeaders(what, at, headers) {
    for (const name of Object.keys(this.#at(at).headers ?? {})) {
      const header = this.#resolve([...at, 'headers', name]);
      const value = headers[name.toLowerCase()];
      if (value === undefined && this.#at(header).required === false) continue;
      assert.ok(value !== undefined, `${what}: no ${name}`);
      const { type, const: constant } = this.#at([...header, 'schema']);
      const isNumber = type === 'integer' || typeof constant === 'number';
      this.#checkSchema(`${what}: ${name}`, [...header, 'schema'], isNumber ? Number(value) : value);
    }
  }

  #checkEverywhere(what, path, status, headers) {
    assert.equal(headers['x-content-type-options'], 'nosniff', `${what}: X-Content-Type-Options`);
    assert.equal(headers['access-control-allow-origin'], this.isPublic(path) ? '*' : undefined, `${what}: CORS`);
    const policy = this.isPublic(path) ? 'cross-origin' : undefined;
    assert.equal(headers['cross-origin-resource-policy'], policy, `${what}: Cross-Origin-Resource-Policy`);
    assert.equal(headers['access-control-allow-credentials'], undefined, `${what}: credentials`);
    const isDynamic = this.isPublic(path) || this.isGuarded(path);
    if (isDynamic && !answersOfNginx.includes(status)) {
      assert.equal(headers['cache-control'], 'no-store', `${what}: Cache-Control`);
    }
  }

  #checkBody(what, at, contentType, body) {
    const content = this.#at(at).content;
    if (content === undefined) return;
    const type = contentType?.split(';')[0];
    assert.ok(type in content, `${what}: its type is ${contentType}`);
    if (type === 'image/gif') {
      assert.equal(body.subarray(0, 6).toString(), 'GIF89a', what);
      assert.equal(body.length, gifBytes, what);
    } else {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
      const value = type === 'application/json' ? JSON.parse(text) : text;
      this.#checkSchema(what, [...at, 'content', type, 'schema'], value);
    }
  }
}
