#!/bin/bash
# schemathesis 4.32.5 (PyPI): whether a response header is a number is decided by its schema's "type" beside the keyword alone.
#
# Expected: a header "X-Age: 86400" conforms to the schema {"const": 86400}. OpenAPI 3.1 takes its schemas from JSON Schema 2020-12,
# where `const` (6.1.3) and `enum` need no `type`, and the value to be judged is the header's after undoing the style "simple", for
# which the schema is all there is to tell text from number. With "type": "integer" beside it the tool does so.
# Seen: {"const": 86400} and {"enum": [86400]} fail with "86400 was expected" and "is not one of" for the header 86400, as the value
# is left as text; {"const": "86400"} passes. {"minimum": 90000} passes, as it says nothing on a text: the check is there and never
# fails. With the type, all is as expected. In {"allOf": [{"type": "integer"}, {"const": 86400}]}, of the same meaning, both
# parts fail.
# For a counter: in a description of headers with fixed values (Access-Control-Max-Age, Content-Length of a pixel) write the type
# into the very schema that has the bound, or a wrong value passes and a right one fails.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install -q --disable-pip-version-check schemathesis==4.32.5 jsonschema_rs==0.60.3 hypothesis==6.170.17 \
  hypothesis-graphql==0.13.5 >&2

cat >"$tmp/headers.py" <<'PYTHON'
import json
from importlib.metadata import version

import requests
import schemathesis
from schemathesis import checks

checks.load_all_checks()
CHECK = checks.CHECKS.get_one("response_headers_conformance")
print("schemathesis", version("schemathesis"))
for header in (
    {"type": "integer", "const": 86400},
    {"const": 86400},
    {"const": "86400"},
    {"enum": [86400]},
    {"type": "integer", "minimum": 90000},
    {"minimum": 90000},
    {"allOf": [{"type": "integer"}, {"const": 86400}]},
):
    answer = {"description": "d", "headers": {"X-Age": {"required": True, "schema": header}}, "content": {"text/plain": {}}}
    schema = schemathesis.openapi.from_dict(
        {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/x": {"get": {"responses": {"200": answer}}}}}
    )
    response = schemathesis.Response(
        status_code=200,
        headers={"content-type": ["text/plain"], "x-age": ["86400"]},
        content=b"",
        request=requests.Request("GET", "http://127.0.0.1/x").prepare(),
        elapsed=0.1,
        verify=False,
    )
    try:
        schema["/x"]["GET"].Case().validate_response(response, checks=[CHECK])
        found = "conforms"
    except checks.FailureGroup as failures:
        found = "; ".join(sorted(failure.message.splitlines()[0] for failure in failures.exceptions))
    print(json.dumps(header), "->", found)
PYTHON
stated='schemathesis 4.32.5
{"type": "integer", "const": 86400} -> conforms
{"const": 86400} -> 86400 was expected
{"const": "86400"} -> conforms
{"enum": [86400]} -> "86400" is not one of 86400
{"type": "integer", "minimum": 90000} -> 86400 is less than the minimum of 90000
{"minimum": 90000} -> conforms
{"allOf": [{"type": "integer"}, {"const": 86400}]} -> "86400" is not of type "integer"; 86400 was expected'
seen=$("$tmp/venv/bin/python" "$tmp/headers.py")
echo "for the header X-Age: 86400"
echo "$seen"
diff <(echo "$stated") <(echo "$seen") || { echo "not as stated: < is stated, > is seen"; exit 1; }
echo "as stated"
