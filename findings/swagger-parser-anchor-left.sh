#!/bin/bash
# @apidevtools/swagger-parser 13.0.0 (npm): a $ref to an $anchor stays in a "dereferenced" OpenAPI 3.1 document, without a word.
#
# Expected: the reference is replaced by its schema, or refused. OpenAPI 3.1 says that its schemas are of JSON Schema 2020-12, whose
# core document (8.2.2) has `$anchor` for naming a schema in a document and `"$ref": "#name"` for going there. The package's
# readme says of dereference() that it can replace all $ref pointers, so that a plain object is left.
# Seen: dereference() and validate() both succeed, and {"$ref":"#count"} is still there. A reference to the very same schema by
# JSON Pointer is replaced, and so is one by the absolute `$id` of a schema, which is of the same standard. ajv 8.20.0, given
# the same schemas, follows all three, and refuses "x" by each of them.
# For a counter: what is made from the result (clients, checks of a response) sees a schema with an unknown reference, which says
# nothing on the value: hits as text would pass. In a document for many tools, refer by JSON Pointer only.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --prefix "$tmp" --silent --no-audit --no-fund --ignore-scripts @apidevtools/swagger-parser@13.0.0 ajv@8.20.0 >&2

cat >"$tmp/anchor.cjs" <<'JS'
const SwaggerParser = require("@apidevtools/swagger-parser");
const Ajv = require("ajv/dist/2020");
const schemas = () => ({
  Count: { $anchor: "count", type: "integer" },
  Day: { $id: "https://schemas.example/day", type: "integer" },
  ByAnchor: { properties: { hits: { $ref: "#count" } } },
  ByPointer: { properties: { hits: { $ref: "#/components/schemas/Count" } } },
  ById: { properties: { hits: { $ref: "https://schemas.example/day" } } },
});
const document = () => ({ openapi: "3.1.0", info: { title: "t", version: "1" }, paths: {}, components: { schemas: schemas() } });
(async () => {
  console.log(`swagger-parser ${require("@apidevtools/swagger-parser/package.json").version}, ajv ${require("ajv/package.json").version}`);
  const validated = await SwaggerParser.validate(document());
  const dereferenced = await SwaggerParser.dereference(document());
  for (const name of ["ByAnchor", "ByPointer", "ById"]) {
    const hits = (result) => JSON.stringify(result.components.schemas[name].properties.hits);
    const ajv = new Ajv({ strict: false });
    ajv.addSchema({ $id: "https://api.example/", components: { schemas: schemas() } });
    const check = ajv.compile({ $ref: `https://api.example/#/components/schemas/${name}` });
    console.log(`${name}: validate ${hits(validated)}, dereference ${hits(dereferenced)}, `
      + `ajv ${check({ hits: 1 })} ${check({ hits: "x" })}`);
  }
})();
JS
stated='swagger-parser 13.0.0, ajv 8.20.0
ByAnchor: validate {"$ref":"#count"}, dereference {"$ref":"#count"}, ajv true false
ByPointer: validate {"$anchor":"count","type":"integer"}, dereference {"$anchor":"count","type":"integer"}, ajv true false
ById: validate {"$id":"https://schemas.example/day","type":"integer"}, dereference {"$id":"https://schemas.example/day","type":"integer"}, ajv true false'
seen=$(node "$tmp/anchor.cjs")
echo "$seen"
diff <(echo "$stated") <(echo "$seen") || { echo "not as stated: < is stated, > is seen"; exit 1; }
echo "as stated"
