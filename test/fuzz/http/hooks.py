"""Hooks of schemathesis: tokens that the service accepts, clients that exist, explained findings."""

import os

import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation

from explained import is_explained

URL = os.environ["FUZZ_URL"]
MASTER_TOKEN = os.environ["FUZZ_MASTER_TOKEN"]
REGISTRATION = os.environ["FUZZ_REGISTRATION_PATH"]
METADATA = {"redirect_uris": ["https://client.example/callback"]}


def create(path, body):
    headers = {"Authorization": f"Bearer {MASTER_TOKEN}"}
    response = requests.post(URL + path, json=body, headers=headers, timeout=30)
    response.raise_for_status()
    return response.json()


def is_valid(case, location):
    """Whether schemathesis generated this part of the request by the document."""
    part = case.meta.components.get(location) if case.meta else None
    return part is not None and part.mode.is_positive


def name_client(case, client_id):
    if is_valid(case, ParameterLocation.PATH):
        case.path_parameters["client_id"] = client_id


def complete(case, members):
    """Adds what the service requires and a schema cannot say."""
    if isinstance(case.body, dict) and is_valid(case, ParameterLocation.BODY):
        case.body.update(members)


@schemathesis.auth(refresh_interval=None)
class Tokens:
    def get(self, case, context):
        path = case.operation.path
        if path == REGISTRATION:
            complete(case, METADATA)
            return create("/initial-access-tokens", {})["access_token"]
        if path.startswith(REGISTRATION):
            client = create(REGISTRATION, METADATA)
            name_client(case, client["client_id"])
            complete(case, {"client_id": client["client_id"], **METADATA})
            return client["registration_access_token"]
        if "{client_id}" in path:
            name_client(case, create(REGISTRATION, METADATA)["client_id"])
        elif "{id}" in path and is_valid(case, ParameterLocation.PATH):
            case.path_parameters["id"] = create("/initial-access-tokens", {})["id"]
        return MASTER_TOKEN

    def set(self, case, token, context):
        case.headers["Authorization"] = f"Bearer {token}"


@schemathesis.hook
def filter_failure(context, failure, case, response):
    return not is_explained(failure, case, response)
