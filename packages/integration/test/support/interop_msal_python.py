"""Leads Debian's msal and msal_extensions. Each line of the input is a call, each line of the output what came of it; all
in JSON.

The arguments are the emulator's port and a file with its certification authority.
"""
import json
import sys
from urllib.parse import urlsplit, urlunsplit

import msal
import msal_extensions
import requests
from requests.adapters import HTTPAdapter

PORT, CA_FILE = sys.argv[1], sys.argv[2]


class Leading(HTTPAdapter):
    """Brings each request to the emulator's port. The host stays in the request; the certificate is checked."""

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, server_hostname="localhost", assert_hostname="localhost", **kwargs)

    def send(self, request, **kwargs):
        url = urlsplit(request.url)
        request.headers["Host"] = url.netloc[:-len(":443")] if url.netloc.endswith(":443") else url.netloc
        request.url = urlunsplit(url._replace(netloc="127.0.0.1:" + PORT))
        return super().send(request, **kwargs)


def http_client():
    session = requests.Session()
    session.trust_env = False
    session.verify = CA_FILE
    session.mount("https://", Leading())
    return session


apps = {}


def start(app, path, clientId, tenant, clientSecret=None):
    options = {
        "client_id": clientId,
        "authority": "https://login.microsoftonline.com/" + tenant,
        "token_cache": msal_extensions.PersistedTokenCache(msal_extensions.FilePersistence(path)),
        "http_client": http_client(),
    }
    apps[app] = (
        msal.PublicClientApplication(**options)
        if clientSecret is None
        else msal.ConfidentialClientApplication(client_credential=clientSecret, **options)
    )


def token_of(result):
    if result is None or "error" in result:
        raise ValueError(json.dumps(result))
    return result["access_token"]


def sign_in(app, username, password, scopes):
    return token_of(apps[app].acquire_token_by_username_password(username, password, scopes))


def accounts(app):
    return [account["username"] for account in apps[app].get_accounts()]


def silent(app, username, scopes, refresh):
    account = apps[app].get_accounts(username)[0]
    return token_of(apps[app].acquire_token_silent_with_error(scopes, account, force_refresh=refresh))


def remove(app, username):
    while apps[app].get_accounts(username):
        apps[app].remove_account(apps[app].get_accounts(username)[0])


def own_token(app, scopes):
    return token_of(
        apps[app].acquire_token_silent(scopes, account=None) or apps[app].acquire_token_for_client(scopes)
    )


calls = {
    "start": start,
    "signIn": sign_in,
    "accounts": accounts,
    "silent": silent,
    "remove": remove,
    "ownToken": own_token,
}

for line in sys.stdin:
    call = json.loads(line)
    try:
        answer = {"result": calls[call.pop("do")](**call)}
    except Exception as error:  # whatever it is, the test is told
        answer = {"raised": type(error).__name__ + ": " + str(error)}
    print(json.dumps(answer), flush=True)
