"""Asks http://inner:8000/ all the time by its name, and answers with how that went."""

import http.server
import json
import threading
import time
import urllib.request

went = {"sent": 0, "failed": 0, "failures": []}


def ask():
    while True:
        went["sent"] += 1
        try:
            urllib.request.urlopen("http://inner:8000/", timeout=5).read()
        except Exception as error:
            went["failed"] += 1
            went["failures"] = [*went["failures"], f"{time.time():.1f} {error}"][-20:]
        time.sleep(0.05)


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(went).encode())

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("", 8001), Page)
threading.Thread(target=ask, daemon=True).start()
server.serve_forever()
