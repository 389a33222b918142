"""Connects to an MCP server that demands authorization, by the MCP Python SDK, as far as a user would sign in."""

import asyncio
import os
from urllib.parse import parse_qs, urlsplit

import httpx2
from mcp.client.auth import OAuthClientProvider
from mcp.shared.auth import OAuthClientMetadata

registered = []


class Storage:
    async def get_tokens(self):
        return None

    async def set_tokens(self, tokens):
        raise AssertionError("nobody signed in")

    async def get_client_info(self):
        return None

    async def set_client_info(self, client_info):
        registered.append(client_info)


class SignIn(BaseException):
    """The SDK sends the user to the authorization endpoint."""


async def redirect(url):
    raise SignIn(url)


async def callback():
    raise AssertionError("nobody signed in")


async def connect():
    server = os.environ["MCP_SERVER"]
    provider = OAuthClientProvider(
        server_url=server,
        client_metadata=OAuthClientMetadata(
            client_name="MCP Python SDK",
            redirect_uris=["http://127.0.0.1:3030/callback"],
            grant_types=["authorization_code", "refresh_token"],
            response_types=["code"],
        ),
        storage=Storage(),
        redirect_handler=redirect,
        callback_handler=callback,
    )
    async with httpx2.AsyncClient(auth=provider) as client:
        try:
            await client.post(server, json={})
        except SignIn as sign_in:
            return parse_qs(urlsplit(str(sign_in)).query)["client_id"]
    raise AssertionError("the SDK did not ask for authorization")


assert asyncio.run(connect()) == [client.client_id for client in registered]
