"""Gives random bytes: `/32` is 32 of them. It takes its time, as a real source of randomness may."""

import os
import socket
import time

from serving import serve

DELAY = 0.1


def get(path):
    text = path.strip("/")
    if text == "":
        return "text/plain", f"RNG running on {socket.gethostname()}\n".encode()
    if not text.isdecimal() or int(text) > 1_000_000:
        return None
    time.sleep(DELAY)
    return "application/octet-stream", os.urandom(int(text))


def run():
    serve(get)
