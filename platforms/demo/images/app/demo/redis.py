"""A small redis client: one connection, made when it is needed and again after it broke.

The name is resolved for each connection, so a redis that moved to another node is found.
"""

import select
import socket


class Away(Exception):
    """Redis does not answer, or not yet; try again later."""


class Refused(Exception):
    """Redis answered a command with an error."""


def encode(command) -> bytes:
    """A command in redis' protocol."""
    words = [word if isinstance(word, bytes) else str(word).encode() for word in command]
    return b"".join([b"*%d\r\n" % len(words), *(b"$%d\r\n%s\r\n" % (len(w), w) for w in words)])


def decode(stream):
    """The next reply. An error reply is returned, not raised, so that a pipeline stays in step."""
    line = stream.readline()
    kind, rest = line[:1], line[1:-2]
    if kind == b"+":
        return rest.decode()
    if kind == b"-":
        return Refused(rest.decode())
    if kind == b":":
        return int(rest)
    if kind == b"$":
        if (size := int(rest)) < 0:
            return None
        return stream.read(size + 2)[:-2].decode()
    if kind == b"*":
        return None if int(rest) < 0 else [decode(stream) for _ in range(int(rest))]
    raise ConnectionError(f"redis sent {line!r}")


class Stream:
    """What was received and not yet read. (A file of the socket cannot be used after a timeout.)"""

    def __init__(self, connection: socket.socket):
        self.connection = connection
        self.buffer = b""

    def _receive(self) -> None:
        data = self.connection.recv(65536)
        if not data:
            raise ConnectionError("redis closed the connection")
        self.buffer += data

    def readline(self) -> bytes:
        while b"\n" not in self.buffer:
            self._receive()
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line + b"\n"

    def read(self, size: int) -> bytes:
        while len(self.buffer) < size:
            self._receive()
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def ready(self, patience: float) -> bool:
        """Whether something can be read within so many seconds."""
        return bool(self.buffer) or bool(select.select([self.connection], [], [], patience)[0])


class Redis:
    """`Redis("redis", password).call("PING")`; use one per thread."""

    def __init__(self, host: str, password: str, port: int = 6379, timeout: float = 3.0):
        self.host, self.port, self.password, self.timeout = host, port, password, timeout
        self.socket = None
        self.stream = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def connect(self) -> None:
        self.socket = socket.create_connection((self.host, self.port), timeout=self.timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = Stream(self.socket)
        self.socket.sendall(encode(["AUTH", self.password]))
        reply = decode(self.stream)
        if isinstance(reply, Refused):
            raise ConnectionError(str(reply))

    def pipeline(self, commands, wait: float = 0) -> list:
        """Sends all commands at once; `wait` is how long redis itself may hold the answer."""
        try:
            if self.stream is None:
                self.connect()
            self.socket.settimeout(self.timeout + wait)
            self.socket.sendall(b"".join(encode(command) for command in commands))
            replies = [decode(self.stream) for _ in commands]
        except OSError as error:
            self.close()
            raise Away(str(error)) from error
        for reply in replies:
            if isinstance(reply, Refused):
                busy = str(reply).startswith(("LOADING", "NOAUTH", "MASTERDOWN"))
                raise Away(str(reply)) if busy else reply
        return replies

    def call(self, *command, wait: float = 0):
        return self.pipeline([command], wait)[0]

    def messages(self, channel: str, patience: float):
        """Messages of a channel as they come; None after `patience` seconds without one."""
        self.call("SUBSCRIBE", channel)
        while True:
            try:
                yield decode(self.stream)[2] if self.stream.ready(patience) else None
            except OSError as error:
                self.close()
                raise Away(str(error)) from error

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.socket = self.stream = None
