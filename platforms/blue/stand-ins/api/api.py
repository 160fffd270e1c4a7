"""
Plays blue's API: it needs the database, the rights on the data volume, and a manager's Docker engine.

  GET  /                  what it found at its start
  GET  /containers        every service of the swarm
  POST /agents/<AGENT>    creates an agent; the body is {"image": ..., "properties": {...}}
"""

import json
import os
import signal
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import engine

PLATFORM = os.environ["BLUE_DEPLOY_PLATFORM"]
REGISTRY = os.environ["BLUE_AGENT_REGISTRY"]
RIGHTS = Path(os.environ["BLUE_RBAC_CONFIG_FOLDER"])


def ping():
    with socket.create_connection(("blue_db_redis", 6379), timeout=2) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(16).strip().decode()


def ping_patiently(until=time.monotonic() + 60):
    while True:
        try:
            return ping()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def started():
    """Fails as blue does when the rights are not on the volume, or this node is not a manager."""
    rules = (RIGHTS / "policy.csv").read_text().splitlines()
    return {
        "platform": PLATFORM,
        "tag": os.environ["TAG"],
        "redis": ping_patiently(),
        "rules": len(rules),
        "model": (RIGHTS / "model.conf").stat().st_size > 0,
        "services": len(engine.services()),
    }


class Handler(BaseHTTPRequestHandler):
    found = {}

    def do_GET(self):
        if self.path == "/containers":
            self.attempt(engine.services)
        elif self.path == "/":
            self.answer(200, self.found)
        else:
            self.answer(404, {"error": f"no {self.path}"})

    def do_POST(self):
        _, what, *rest = self.path.split("/")
        if what != "agents" or len(rest) != 1:
            return self.answer(404, {"error": f"no {self.path}"})
        wish = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        wanted = (PLATFORM, REGISTRY, rest[0], wish["image"], wish.get("properties", {}))
        self.attempt(lambda: {"id": engine.create_agent(*wanted)})

    def attempt(self, act):
        try:
            self.answer(200, act())
        except (engine.Refused, KeyError, OSError) as error:
            self.answer(500, {"error": repr(error)})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    # As process 1 it would ignore what nothing handles.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Handler.found = started()
    print("ready", json.dumps(Handler.found), flush=True)
    ThreadingHTTPServer(("", 5050), Handler).serve_forever()
