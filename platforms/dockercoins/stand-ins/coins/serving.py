"""An HTTP server on port 80, one thread for each request."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def serve(get, post=None):
    """Answers with what `get(path)` and `post(body)` return: a content type and bytes."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.answer(get(self.path))

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.answer(post(body) if post else None)

        def answer(self, found):
            kind, body = found or ("text/plain", b"there is nothing here\n")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Ten workers would fill the log."""

    ThreadingHTTPServer(("", 80), Handler).serve_forever()
