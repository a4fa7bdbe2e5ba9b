"""What schemathesis has to know of page-count's description, and what no description can say to it.

Each case that is left out has its reason beside it; everything else is sent and judged by all of its checks.
"""

import datetime
import re

import schemathesis

MOST_ID_BYTES = 64
DATE = re.compile(r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})")


def names_days_that_exist(text):
    for year, month, day in DATE.findall(text):
        try:
            datetime.date(int(year), int(month), int(day))
        except ValueError:
            return False
    return True


def ascend(edges):
    """Whether the days ascend, so that the instants do, whatever times of day and offsets follow."""
    try:
        days = [datetime.date(*map(int, found)) for found in DATE.findall(edges)]
    except ValueError:
        return False
    return all((later - day).days > 2 for day, later in zip(days, days[1:]))


def as_list(body):
    return body if isinstance(body, list) else []


@schemathesis.hook
def filter_case(context, case):
    # Its schema is a string that holds JSON (contentMediaType, contentSchema), which is not made here: any text is sent.
    if case.media_type == "text/plain":
        return False
    # The page is `url` or else the Referer: OpenAPI cannot ask for one of two parameters.
    if case.operation.method == "get" and case.operation.path in ("/", "/pixel.gif") and "url" not in (case.query or {}):
        return False
    # Neither can it ask for instants that ascend, which are for intervals only, nor for a range with a beginning.
    if case.operation.path == "/query":
        query = case.query or {}
        if "edges" in query and ("by" in query or not ascend(str(query["edges"]))):
            return False
        if "compare" in query and "to" in query and "from" not in query:
            return False
    # Nor for a number of bytes.
    entries = [entry for entry in [case.query, case.body, *as_list(case.body)] if isinstance(entry, dict)]
    if any(len(str(entry.get("id")).encode("utf-8", "surrogatepass")) > MOST_ID_BYTES for entry in entries):
        return False
    # Nor for one parameter without another.
    if case.operation.path == "/all-visits" and {"after", "offset"} <= set(case.query or {}):
        return False
    # A pattern cannot tell that there is no 30 February.
    return all(names_days_that_exist(str(value)) for value in (case.query or {}).values())


@schemathesis.deserializer("image/gif")
def gif(context, response):
    return response.content.decode("latin-1")
