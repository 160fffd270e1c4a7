"""Gives the SHA-256 of what is posted, in hexadecimal digits."""

import hashlib
import socket

from serving import serve


def get(path):
    return ("text/plain", f"HASHER running on {socket.gethostname()}\n".encode()) if path == "/" else None


def post(body):
    return "text/plain", hashlib.sha256(body).hexdigest().encode()


def run():
    serve(get, post)
