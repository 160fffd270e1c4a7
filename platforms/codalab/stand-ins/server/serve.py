#!/usr/bin/env python3
"""
CodaLab's servers, by the name of the command. Each needs what the jobs made before it started: the
settings on the volume, the tables, and the first user.
"""

import json
import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from database import ask

PORTS = {"cl-server": 2900, "cl-ws-server": 2901}
COMMAND = Path(sys.argv[0]).name


def state():
    settings = json.loads((Path(os.environ["CODALAB_HOME"]) / "config.json").read_text())
    return {
        "command": COMMAND,
        "tag": os.environ["TAG"],
        "settings": len(settings),
        "mail": settings.get("email/host"),
        "users": ask("SELECT user_name FROM user"),
        "revision": ask("SELECT version_num FROM alembic_version"),
        "worksheets": ask("SELECT name FROM worksheet"),
    }


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(state())

    def do_POST(self):
        name = self.rfile.read(int(self.headers["Content-Length"])).decode()
        ask(f"INSERT IGNORE INTO worksheet VALUES ('{name}')")
        self.answer(state())

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


# As process 1 it would ignore what nothing handles.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("ready", json.dumps(state()), flush=True)
if COMMAND in PORTS:
    server = ThreadingHTTPServer(("", PORTS[COMMAND]), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
while True:
    signal.pause()
