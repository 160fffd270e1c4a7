"""Shows how many hashes and coins there are: a page, and `/json` behind it."""

import json
import os
import time
from pathlib import Path

from serving import serve
from store import Store

PAGE = Path("page.html").read_bytes()


def counts():
    try:
        store = Store()
        hashes = int(store.ask("GET", "hashes") or 0)
        coins = store.ask("HLEN", "wallet")
    except (OSError, ValueError) as error:
        return {"error": str(error)}
    return {"hashes": hashes, "coins": coins, "now": time.time(), "tag": os.environ["TAG"]}


def get(path):
    if path == "/json":
        return "application/json", json.dumps(counts()).encode()
    return ("text/html; charset=utf-8", PAGE) if path in ("/", "/index.html") else None


def run():
    serve(get)
