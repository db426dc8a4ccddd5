"""Leads Debian's msal. Each line of the input is a call, each line of the output what came of it; all in JSON.

The arguments are the emulator's port and a file with its certification authority.
"""
import json
import sys
from urllib.parse import urlsplit, urlunsplit

import msal
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


apps, caches = {}, {}


def create(app, kind, cache=None, **options):
    if cache is not None:
        options["token_cache"] = caches.setdefault(cache, msal.TokenCache())
    apps[app] = getattr(msal, kind)(http_client=http_client(), **options)


def call(app, method, **options):
    return getattr(apps[app], method)(**options)


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"result": {"create": create, "call": call}[request.pop("do")](**request)}
    except Exception as error:  # whatever it is, the test is told
        answer = {"raised": type(error).__name__, "message": str(error)}
    print(json.dumps(answer), flush=True)
