"""Serves the page, and hands /api/* on to the api, whose name is resolved for each request."""

import http.client
import io
import json
import os
import signal
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PORT = 8080
API = ("api", 8000)
PAGE = Path(__file__).parent / "page"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
LARGEST_BODY = 4 * 1024
# What the page asks of the api. What the parts tell it (POST /parts) does not come from outside.
ROUTES = {
    *(f"GET /{name}" for name in ("jobs", "parts", "stats", "everything", "events")),
    "POST /jobs",
    "POST /generator",
}
REQUEST_SECONDS = 10  # a request that takes longer to arrive is closed, however often something arrives
MOST_CONNECTIONS = 70  # a thread each, and the container may have 100
CHANGES_A_SECOND = 5
MOST_CHANGES_AT_ONCE = 20
SILENCE_SECONDS = 10  # the api's stream says something every two seconds
ME = {
    "part": os.environ.get("PART", "web"),
    "node": os.environ.get("NODE", "?"),
    "label": os.environ.get("NODE_LABEL", "?"),
    "task": os.environ.get("TASK", "?"),
    "slot": os.environ.get("SLOT", "1"),
    "version": os.environ.get("VERSION", "?"),
    "since": int(time.time()),
}


def page_file(path: str, folder: Path = PAGE) -> Path | None:
    """The file of the page for a path; None when there is none, or it is outside of the folder."""
    name = "index.html" if path == "/" else path.lstrip("/")
    file = (folder / name).resolve()
    return file if file.parent == folder.resolve() and file.suffix in TYPES and file.is_file() else None


def first_module(state: bytes | None) -> bytes:
    """A script that hands the page what there is as it loads, so that it never begins empty."""
    return b"export default " + (state or b"undefined") + b";\n"


def ask_api(path: str) -> bytes | None:
    """What the api answers at once; None when it does not."""
    try:
        with urllib.request.urlopen(f"http://{API[0]}:{API[1]}{path}", timeout=1) as answer:
            return answer.read()
    except OSError:
        return None


def length_of(text: str | None) -> int | None:
    """The length of a body; None when it is not a length that is taken."""
    if text is None or text == "":
        return 0
    known = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if known and int(text) <= LARGEST_BODY else None


class Allowance:
    """So many a second, and some more at once: what comes faster is refused."""

    def __init__(self, a_second: float, at_once: int, now=time.monotonic):
        self.a_second, self.at_once, self.now = a_second, at_once, now
        self.left, self.since, self.lock = float(at_once), now(), threading.Lock()

    def take(self) -> bool:
        with self.lock:
            now = self.now()
            self.left = min(self.at_once, self.left + (now - self.since) * self.a_second)
            self.since = now
            if self.left < 1:
                return False
            self.left -= 1
            return True


changes = Allowance(CHANGES_A_SECOND, MOST_CHANGES_AT_ONCE)


class Arriving(io.RawIOBase):
    """What a client sends, until a moment: a socket's own timeout begins anew with every byte."""

    def __init__(self, connection, seconds: float, now=time.monotonic):
        self.connection, self.seconds, self.now = connection, seconds, now
        self.begin()

    def begin(self) -> None:
        self.until = self.now() + self.seconds

    def readable(self) -> bool:
        return True

    def readinto(self, into) -> int:
        left = self.until - self.now()
        if left <= 0:
            raise TimeoutError("the request takes too long to arrive")
        self.connection.settimeout(left)
        try:
            return self.connection.recv_into(into)
        finally:
            self.connection.settimeout(self.seconds)


class Server(ThreadingHTTPServer):
    """Closes connections beyond so many at once."""

    daemon_threads = True

    def __init__(self, address, handler, most: int = MOST_CONNECTIONS):
        self.places = threading.BoundedSemaphore(most)
        super().__init__(address, handler)

    def process_request(self, request, client_address) -> None:
        if not self.places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self.places.release()
            raise

    def process_request_thread(self, request, client_address) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.places.release()


class Handler(BaseHTTPRequestHandler):
    timeout = REQUEST_SECONDS

    def setup(self) -> None:
        super().setup()
        self.arriving = Arriving(self.connection, self.timeout)
        self.rfile = io.BufferedReader(self.arriving)

    def handle_one_request(self) -> None:
        self.arriving.begin()
        super().handle_one_request()

    def log_message(self, *_):
        pass

    def reply(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def error(self, status: int, text: str) -> None:
        self.reply(status, "application/json", json.dumps({"error": text}).encode())

    def answer(self) -> None:
        path = self.path.split("?")[0]
        try:
            if path == "/healthz":
                self.reply(200, "application/json", b'{"ok": true}')
            elif path == "/first.js":
                self.reply(200, TYPES[".js"], first_module(ask_api("/everything")))
            elif path.startswith("/api/"):
                self.hand_on()
            elif self.command in ("GET", "HEAD") and (file := page_file(path)):
                self.reply(200, TYPES[file.suffix], file.read_bytes())
            else:
                self.error(404, f"nothing at {path}")
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            pass

    do_GET = do_HEAD = do_POST = answer

    def hand_on(self) -> None:
        route = f"{self.command} {self.path.removeprefix('/api').split('?')[0]}"
        if route not in ROUTES:
            self.error(404, f"nothing at {self.path}")
            return
        size = length_of(self.headers.get("Content-Length"))
        if size is None:
            self.error(413, f"no length of a body, or more than {LARGEST_BODY} bytes")
            return
        if self.command == "POST" and not changes.take():
            self.error(429, "too many changes at once: try again in a second")
            return
        body = self.rfile.read(size)
        upstream = http.client.HTTPConnection(*API, timeout=SILENCE_SECONDS)
        try:
            try:
                upstream.request(self.command, self.path.removeprefix("/api"), body)
                response = upstream.getresponse()
            except (OSError, http.client.HTTPException) as error:
                self.error(503, f"the api is away: {error}")
                return
            self.copy(response)
        finally:
            upstream.close()

    def copy(self, response: http.client.HTTPResponse) -> None:
        self.send_response(response.status)
        for name in ("Content-Type", "Content-Length", "Cache-Control"):
            if (value := response.headers.get(name)) is not None:
                self.send_header(name, value)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        try:
            while chunk := response.read1(65536):
                self.wfile.write(chunk)
        except (TimeoutError, http.client.HTTPException):
            pass  # the browser sees the end of the stream and connects again


def tell_api(gone: bool = False) -> None:
    url = f"http://{API[0]}:{API[1]}/parts"
    request = urllib.request.Request(url, json.dumps({**ME, "gone": gone}).encode(), method="POST")
    try:
        urllib.request.urlopen(request, timeout=2).close()
    except OSError:
        pass


def beat_forever() -> None:
    while True:
        tell_api()
        time.sleep(3)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = Server(("", PORT), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Thread(target=beat_forever, daemon=True).start()
    print(json.dumps({"part": "web", "what": "ready", "port": PORT}), flush=True)
    try:
        signal.pause()
    finally:
        tell_api(gone=True)


if __name__ == "__main__":
    main()
