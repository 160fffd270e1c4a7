"""Serves the page, and hands /api/* on to the api, whose name is resolved for each request."""

import http.client
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
LARGEST_BODY = 64 * 1024
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


class Handler(BaseHTTPRequestHandler):
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
        except (BrokenPipeError, ConnectionResetError):
            pass

    do_GET = do_HEAD = do_POST = answer

    def hand_on(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        if size > LARGEST_BODY:
            self.error(413, f"a body of {size} bytes; at most {LARGEST_BODY}")
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
    server = ThreadingHTTPServer(("", PORT), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Thread(target=beat_forever, daemon=True).start()
    print(json.dumps({"part": "web", "what": "ready", "port": PORT}), flush=True)
    try:
        signal.pause()
    finally:
        tell_api(gone=True)


if __name__ == "__main__":
    main()
