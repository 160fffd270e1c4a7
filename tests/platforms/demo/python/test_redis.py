import socket
import threading
import unittest

from demo.redis import Away, Redis, Refused, Stream, encode


class Server:
    """Answers each connection with the next script of bytes, one reply per read, then hangs up."""

    def __init__(self, *scripts):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.received = []
        self.thread = threading.Thread(target=self.run, args=(scripts,), daemon=True)
        self.thread.start()

    def run(self, scripts):
        for script in scripts:
            connection, _ = self.listener.accept()
            with connection:
                for reply in script:
                    self.received.append(connection.recv(4096))
                    connection.sendall(reply)
        self.listener.close()


class RedisTest(unittest.TestCase):
    def redis(self, *scripts):
        self.server = Server(*scripts)
        redis = Redis("127.0.0.1", "secret", self.server.port, timeout=2)
        self.addCleanup(redis.close)
        return redis

    def test_commands_are_length_prefixed_bytes(self):
        self.assertEqual(encode(["SET", "k", "ü"]), "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\nü\r\n".encode())

    def test_the_password_comes_first(self):
        redis = self.redis([b"+OK\r\n", b":7\r\n"])
        self.assertEqual(redis.call("INCR", "a"), 7)
        self.assertEqual(self.server.received[0], encode(["AUTH", "secret"]))

    def test_all_kinds_of_replies(self):
        redis = self.redis([b"+OK\r\n", b"*4\r\n$2\r\nhi\r\n$-1\r\n:3\r\n*0\r\n"])
        self.assertEqual(redis.call("X"), ["hi", None, 3, []])

    def test_a_wrong_password_means_not_yet(self):
        with self.assertRaisesRegex(Away, "WRONGPASS"):
            self.redis([b"-WRONGPASS no\r\n"]).call("PING")

    def test_loading_means_not_yet_and_an_error_is_an_error(self):
        redis = self.redis([b"+OK\r\n", b"-LOADING\r\n", b"-ERR no\r\n"])
        with self.assertRaises(Away):
            redis.call("PING")
        with self.assertRaises(Refused):
            redis.call("PONG")

    def test_it_connects_again_after_a_break(self):
        redis = self.redis([b"+OK\r\n", b"+ONE\r\n"], [b"+OK\r\n", b"+TWO\r\n"])
        self.assertEqual(redis.call("PING"), "ONE")
        with self.assertRaises(Away):
            redis.call("PING")
        self.assertEqual(redis.call("PING"), "TWO")

    def test_nobody_there(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with self.assertRaises(Away):
            Redis("127.0.0.1", "secret", port).call("PING")

    def test_messages_and_silence(self):
        message = b"*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n"
        subscribed = b"*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n"
        left, right = socket.socketpair()
        self.addCleanup(left.close)
        self.addCleanup(right.close)
        redis = Redis("nowhere", "secret")
        redis.socket, redis.stream = left, Stream(left)
        right.sendall(subscribed + message)
        messages = redis.messages("c", patience=0.05)
        self.assertEqual(next(messages), "hi")
        self.assertIsNone(next(messages))
        right.sendall(message[:9])
        threading.Timer(0.1, right.sendall, [message[9:]]).start()
        self.assertEqual(next(messages), "hi")


if __name__ == "__main__":
    unittest.main()
