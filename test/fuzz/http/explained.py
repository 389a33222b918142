"""Findings that are not errors: by the check, the operation, and what the service responded."""

import atexit
import re
from collections import Counter

REJECTED = "RejectedPositiveData"

EXPLAINED = [
    (
        "OpenAPI cannot say that parameters exclude or require each other",
        REJECTED,
        r"GET /clients",
        r"expected at most one of|iss: expected together with owner|state: expected without other filters",
    ),
    (
        "whether max_uses may be sent also depends on a setting",
        REJECTED,
        r"POST /initial-access-tokens",
        r"max_uses: contradicts consumed never",
    ),
    (
        "a cursor comes from an earlier page",
        REJECTED,
        r"GET /(clients|initial-access-tokens|disable-jobs.*)",
        r"cursor: expected next_cursor",
    ),
    (
        "the schema has the lengths of a host and a thumbprint, not their rules",
        REJECTED,
        r"POST /clients/disable",
        r"redirect_host: expected a host|key_thumbprint: expected",
    ),
    (
        "a schema cannot name the present, after which nothing was used",
        REJECTED,
        r"POST /clients/used",
        r"used_at: is in the future",
    ),
    (
        "names of policies, clients and audiences exist in a stage or not",
        REJECTED,
        r"POST /initial-access-tokens",
        r"(policies|audience): expected|client_id: no such client",
    ),
    (
        "the schema has the types, limits and lists of metadata, not its other rules",
        REJECTED,
        r"(POST|PUT) /register.*",
        r'"invalid_(redirect_uri|client_metadata)"',
    ),
    (
        "API Gateway takes 10,240 bytes of headers and URL, less than a software_id may have",
        f"{REJECTED}|UndefinedStatusCode",
        r"GET /clients",
        r"Request Header Fields Too Large",
    ),
]

found = Counter()


def is_explained(failure, case, response):
    for why, check, operation, responded in EXPLAINED:
        if (
            re.fullmatch(check, type(failure).__name__)
            and re.fullmatch(operation, case.operation.label)
            and re.search(responded, response.text)
        ):
            found[why] += 1
            return True
    return False


@atexit.register
def report():
    for why, _, _, _ in EXPLAINED:
        print(f"explained, {found[why]} times: {why}")
