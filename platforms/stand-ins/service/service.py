"""
Takes the place of a service whose image is out of reach: listens on its ports, and checks from inside
what the service would need. It ends with an error when something is missing.

Build arguments say what, as words with spaces between them:
  LISTEN     ports                              5050
  VARIABLES  environment variables              BLUE_DEPLOY_PLATFORM
  FILES      mounts, secrets, configs           /run/secrets/db_password
  REACH      names in the networks, with ports  redis:6379
A word such as `cl-server@2900` only counts when the service is started with the argument cl-server.
"""

import json
import os
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# How long what must be reachable may take to start, in seconds.
PATIENCE = 60


def wanted(name):
    words = os.environ.get(f"STAND_IN_{name}", "").split()
    pairs = [word.rpartition("@") for word in words]
    return [value for program, _, value in pairs if program in ("", *sys.argv[1:2])]


def missing():
    """What of variables and files is not there, in words."""
    unset = [f"no variable {name}" for name in wanted("VARIABLES") if not os.environ.get(name)]
    return unset + [f"no {path}" for path in wanted("FILES") if not os.access(path, os.R_OK)]


def unreachable(address):
    """Why an address cannot be reached, or None."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=2).close()
    except OSError as error:
        return f"{address}: {error}"


def reach(addresses):
    """What cannot be reached within the time."""
    until = time.monotonic() + PATIENCE
    while True:
        reasons = [reason for reason in map(unreachable, addresses) if reason]
        if not reasons or time.monotonic() > until:
            return reasons
        time.sleep(0.5)


class Handler(BaseHTTPRequestHandler):
    state = {"ready": False}

    def do_GET(self):
        body = json.dumps(self.state).encode()
        self.send_response(200 if self.state["ready"] else 503)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        """Requests are not what the log is about."""


def main():
    # As process 1 it would ignore what nothing handles.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    for port in wanted("LISTEN"):
        server = ThreadingHTTPServer(("", int(port)), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    problems = missing() + reach(wanted("REACH"))
    if problems:
        sys.exit("; ".join(problems))
    Handler.state = {
        "ready": True,
        "tag": os.environ.get("STAND_IN_TAG"),
        "hostname": socket.gethostname(),
        "arguments": sys.argv[1:],
        "listens": wanted("LISTEN"),
        "has": wanted("VARIABLES") + wanted("FILES"),
        "reaches": wanted("REACH"),
    }
    print("ready", json.dumps(Handler.state), flush=True)
    while True:
        signal.pause()


main()
