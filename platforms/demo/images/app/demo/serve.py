"""A small HTTP server for JSON. `routes` maps "GET /path" to a function of the request."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from demo.log import log
from demo.redis import Away

LARGEST_BODY = 4 * 1024
REQUEST_SECONDS = 10  # a connection that sends nothing for so long is closed


class BadRequest(Exception):
    """The request cannot be answered; the text says why."""


class Handler(BaseHTTPRequestHandler):
    routes: dict = {}
    timeout = REQUEST_SECONDS

    def log_message(self, *_):
        pass

    def json(self, status: int, body) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def body(self) -> dict:
        text = self.headers.get("Content-Length") or "0"
        known = text.isascii() and text.isdigit() and len(text) < 10
        size = int(text) if known else -1
        if not 0 <= size <= LARGEST_BODY:
            raise BadRequest(f"Content-Length {text[:20]!r}; a body has at most {LARGEST_BODY} bytes")
        try:
            body = json.loads(self.rfile.read(size) or b"{}")
        except ValueError as error:
            raise BadRequest(f"the body is no JSON: {error}") from error
        if not isinstance(body, dict):
            raise BadRequest("the body is no JSON object")
        return body

    def number(self, name: str, default: int, largest: int) -> int:
        text = parse_qs(urlsplit(self.path).query).get(name, [str(default)])[0]
        if not text.isdigit() or not 1 <= int(text) <= largest:
            raise BadRequest(f"{name}={text}; allowed is 1 to {largest}")
        return int(text)

    def answer(self) -> None:
        route = self.routes.get(f"{self.command} {urlsplit(self.path).path}")
        try:
            if route is None:
                self.json(404, {"error": f"nothing at {self.path}"})
            else:
                route(self)
        except BadRequest as error:
            self.json(400, {"error": str(error)})
        except Away as error:
            self.json(503, {"error": f"redis is away: {error}"})
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            pass
        except Exception as error:  # one bad request must not hide its reason
            log("request failed", path=self.path, error=repr(error))
            self.json(500, {"error": "something went wrong; the log says what"})

    do_GET = do_POST = answer


def serve(port: int, routes: dict) -> ThreadingHTTPServer:
    """Serves in the background; /healthz is there by itself."""
    known = {"GET /healthz": lambda request: request.json(200, {"ok": True}), **routes}
    handler = type("PartHandler", (Handler,), {"routes": known})
    server = ThreadingHTTPServer(("", port), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
