"""The few commands of Redis that DockerCoins needs, in Redis's own protocol."""

import socket


class Store:
    def __init__(self, host="redis", port=6379):
        self.socket = socket.create_connection((host, port), timeout=5)
        self.lines = self.socket.makefile("rb")

    def ask(self, *words):
        parts = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        text = b"*%d\r\n" % len(parts)
        for part in parts:
            text += b"$%d\r\n%s\r\n" % (len(part), part)
        self.socket.sendall(text)
        return self.answer()

    def answer(self):
        line = self.lines.readline()
        if not line:
            raise ConnectionError("redis closed the connection")
        kind, rest = line[:1], line[1:].strip()
        if kind == b"-":
            raise ValueError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            size = int(rest)
            return None if size < 0 else self.lines.read(size + 2)[:-2]
        return rest
