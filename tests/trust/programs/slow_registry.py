"""A registry on 127.0.0.1:5999 of a node that passes everything on from registry:5000, layers slowly."""

import http.server
import sys
import time
import urllib.error
import urllib.request

BYTES_PER_SECOND = int(sys.argv[1])
SMALL = 200_000


class Registry(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        url = f"http://registry:5000{self.path}"
        wanted = {"Accept": ", ".join(self.headers.get_all("Accept") or ["*/*"])}
        request = urllib.request.Request(url, headers=wanted, method=self.command)
        try:
            answer = urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        body = answer.read()
        self.send_response(answer.status)
        for name in ("Content-Type", "Docker-Content-Digest", "Docker-Distribution-Api-Version"):
            if answer.headers[name]:
                self.send_header(name, answer.headers[name])
        length = answer.headers["Content-Length"] if self.command == "HEAD" else len(body)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        step = BYTES_PER_SECOND // 10 if len(body) > SMALL else len(body) + 1
        for start in range(0, len(body), step):
            self.wfile.write(body[start : start + step])
            if len(body) > SMALL:
                time.sleep(0.1)

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", 5999), Registry).serve_forever()
