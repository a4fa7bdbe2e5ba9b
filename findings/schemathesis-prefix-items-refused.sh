#!/bin/bash
# schemathesis 4.32.5 (PyPI): an OpenAPI 3.1 response with `prefixItems` cannot be checked; the tool refuses the schema as invalid.
#
# Expected: a pair of text and number, {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]}, is checked by
# position. OpenAPI 3.1 takes its schemas from JSON Schema 2020-12, whose `prefixItems` (10.3.1.1) stands where earlier drafts had
# a list as `items`; and the tool reads such a document as "Open API 3.1.0", with no word of a keyword left out.
# Seen: no response passes or fails: "Invalid Schema Object in response definition", and the schema shown as the problem is not the
# document's. It has the list under `items`, the older draft's spelling, and is then held against 2020-12, in which `items` is
# a schema: "is not of types". The same for a tuple inside of an object, and with `items` false or a schema. jsonschema_rs 0.60.3,
# the validator that the tool itself brings, takes the document's own schema and tells ["a", 1] from [1, "a"].
# For a counter: answers that are rows of a table ([path, count]) are natural tuples; described so, they make a whole operation an
# error of the description. Describe rows as objects, or as `items` with a union of types and fixed length, and check order oneself.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install -q --disable-pip-version-check schemathesis==4.32.5 jsonschema_rs==0.60.3 hypothesis==6.170.17 \
  hypothesis-graphql==0.13.5 >&2

cat >"$tmp/tuples.py" <<'PYTHON'
import json
from importlib.metadata import version

import jsonschema_rs
import requests
import schemathesis
from schemathesis import checks
from schemathesis.errors import InvalidSchema

checks.load_all_checks()
CHECK = checks.CHECKS.get_one("response_schema_conformance")
PAIR = [{"type": "string"}, {"type": "integer"}]


def check(body_schema, body):
    answer = {"description": "d", "content": {"application/json": {"schema": body_schema}}}
    schema = schemathesis.openapi.from_dict(
        {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/x": {"get": {"responses": {"200": answer}}}}}
    )
    response = schemathesis.Response(
        status_code=200,
        headers={"content-type": ["application/json"]},
        content=json.dumps(body).encode(),
        request=requests.Request("GET", "http://127.0.0.1/x").prepare(),
        elapsed=0.1,
        verify=False,
    )
    try:
        schema["/x"]["GET"].Case().validate_response(response, checks=[CHECK])
        return "conforms"
    except checks.FailureGroup:
        return "fails"
    except InvalidSchema as error:
        return " ".join(str(error).split())


print(f"schemathesis {version('schemathesis')}, jsonschema_rs {version('jsonschema_rs')}")
for what, body_schema, good, bad in (
    ("prefixItems", {"type": "array", "prefixItems": PAIR}, ["a", 1], [1, "a"]),
    ("and items", {"type": "array", "prefixItems": PAIR, "items": False}, ["a", 1], [1, "a"]),
    ("inside", {"type": "object", "properties": {"row": {"prefixItems": PAIR}}}, {"row": ["a", 1]}, {"row": [1, "a"]}),
    ("items only", {"type": "array", "items": {"type": ["string", "integer"]}}, ["a", 1], ["a", {}]),
):
    validator = jsonschema_rs.Draft202012Validator(body_schema)
    print(f"{what}: jsonschema_rs {validator.is_valid(good)} {validator.is_valid(bad)}")
    for body in good, bad:
        print(f"  {json.dumps(body)}: {check(body_schema, body)}")
PYTHON
stated='schemathesis 4.32.5, jsonschema_rs 0.60.3
prefixItems: jsonschema_rs True False
  ["a", 1]: Invalid Schema Object in response definition ... is not of types "boolean", "object"
  [1, "a"]: Invalid Schema Object in response definition ... is not of types "boolean", "object"
and items: jsonschema_rs True False
  ["a", 1]: Invalid Schema Object in response definition ... is not of types "boolean", "object"
  [1, "a"]: Invalid Schema Object in response definition ... is not of types "boolean", "object"
inside: jsonschema_rs True False
  {"row": ["a", 1]}: Invalid Schema Object in response definition ... is not of types "boolean", "object"
  {"row": [1, "a"]}: Invalid Schema Object in response definition ... is not of types "boolean", "object"
items only: jsonschema_rs True False
  ["a", 1]: conforms
  ["a", {}]: fails'
seen=$("$tmp/venv/bin/python" "$tmp/tuples.py" | sed 's/ Location: .*is not of types/ ... is not of types/; s/ See: .*//')
echo "$seen"
diff <(echo "$stated") <(echo "$seen") || { echo "not as stated: < is stated, > is seen"; exit 1; }
echo "as stated"
