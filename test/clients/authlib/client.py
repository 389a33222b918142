"""Registers, reads, updates and deletes by Authlib's session, which sends a token as RFC 6750 says."""

import os

from authlib.integrations.requests_client import OAuth2Session

METADATA = {"client_name": "Authlib", "redirect_uris": ["https://client.example/callback"]}


def session(token):
    return OAuth2Session(token={"access_token": token, "token_type": "Bearer"})


def body(response):
    response.raise_for_status()
    return response.json()


server = body(
    OAuth2Session().get(
        os.environ["ISSUER"] + "/.well-known/oauth-authorization-server", withhold_token=True
    )
)
registered = body(
    session(os.environ["INITIAL_ACCESS_TOKEN"]).post(server["registration_endpoint"], json=METADATA)
)
location = registered["registration_client_uri"]
token = registered["registration_access_token"]

assert body(session(token).get(location)) == registered

renamed = {**METADATA, "client_name": "Authlib, renamed", "client_id": registered["client_id"]}
updated = body(session(token).put(location, json=renamed))
assert updated["client_name"] == "Authlib, renamed"

assert session(updated["registration_access_token"]).delete(location).status_code == 204
