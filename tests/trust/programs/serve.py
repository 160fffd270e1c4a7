"""Answers with what its config says and how long its secret is; refuses to start with a bad one."""

import http.server
import signal
import sys
import threading
import time

with open("/run/secrets/key") as file:
    key = file.read().strip()
with open("/etc/motto") as file:
    motto = file.read().strip()
if "bad" in key or "bad" in motto:
    sys.exit("this key or motto is bad")


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"{len(key)} {motto}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 100
    # Those that are under way are answered before the program ends.
    daemon_threads = False


server = Server(("", 8000), Page)


def leave(*_):
    # Names are forgotten before the signal comes, but whoever has just resolved one may still come.
    threading.Thread(target=lambda: (time.sleep(2), server.shutdown())).start()


signal.signal(signal.SIGTERM, leave)
server.serve_forever(poll_interval=0.05)
server.server_close()
