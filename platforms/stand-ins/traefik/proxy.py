"""
Takes the place of Traefik: reads the labels of the swarm's services through the Docker engine's socket, and
passes requests on to the service whose rule has the request's host. It knows Host rules, one port and
one network, which is what the platforms here use.
"""

import http.client
import json
import re
import signal
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

OPTIONS = dict(word.lstrip("-").lower().split("=", 1) for word in sys.argv[1:])
ENGINE = OPTIONS["providers.swarm.endpoint"].removeprefix("unix://")
PORT = int(OPTIONS["entrypoints.web.address"].lstrip(":"))


class ToEngine(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(10)
        self.sock.connect(ENGINE)


def services():
    connection = ToEngine("localhost")
    try:
        connection.request("GET", "/services")
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def route(host):
    """Name and port of the service that answers for a host, or None."""
    for service in services():
        labels = service["Spec"].get("Labels") or {}
        if labels.get("traefik.enable") != "true":
            continue
        for label, rule in labels.items():
            found = re.fullmatch(r"traefik\.http\.routers\.(.+)\.rule", label)
            if found and rule == f"Host(`{host}`)":
                port = labels[f"traefik.http.services.{found[1]}.loadbalancer.server.port"]
                return service["Spec"]["Name"], int(port)


class Handler(BaseHTTPRequestHandler):
    turn = 0

    def pass_on(self):
        target = route(self.headers.get("Host", "").partition(":")[0])
        if target is None:
            return self.answer(404, "text/plain", b"404 page not found\n")
        name, port = target
        found = socket.getaddrinfo(name, port, socket.AF_INET, socket.SOCK_STREAM)
        addresses = sorted({address[4][0] for address in found})
        Handler.turn += 1
        backend = http.client.HTTPConnection(addresses[Handler.turn % len(addresses)], port, timeout=10)
        try:
            size = int(self.headers.get("Content-Length") or 0)
            kept = {name: self.headers[name] for name in ("Host", "Content-Type", "Accept") if name in self.headers}
            backend.request(self.command, self.path, self.rfile.read(size) if size > 0 else None, kept)
            answer = backend.getresponse()
            kind = answer.getheader("Content-Type", "text/plain")
            self.answer(answer.status, kind, answer.read())
        finally:
            backend.close()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


# As process 1 it would ignore what nothing handles.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
ThreadingHTTPServer(("", PORT), Handler).serve_forever()
