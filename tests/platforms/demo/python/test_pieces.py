import json
import os
import socket
import tempfile
import threading
import time
import unittest
import urllib.error
from pathlib import Path

import web
from demo import agent, api, prompts, results
from demo.serve import BadRequest, Handler
from demo.classifier import Classifier, read_examples

DEMO = Path(web.__file__).resolve().parents[2]


class ClassifierTest(unittest.TestCase):
    def setUp(self):
        table = (DEMO / "configs/model-examples.tsv").read_text(encoding="utf-8")
        self.examples = read_examples(table)
        self.classifier = Classifier(self.examples)

    def test_the_examples_are_whole_and_balanced(self):
        counts = set(self.classifier.topics.values())
        self.assertEqual(set(self.classifier.topics), {"praise", "problem", "question", "idea"})
        self.assertEqual(len(counts), 1)

    def test_it_sorts_what_it_has_not_seen(self):
        for text, topic in (
            ("Thank you, that was quick and friendly", "praise"),
            ("Thanks, this is lovely", "praise"),
            ("The page shows an error and the upload is broken", "problem"),
            ("When does the shop open?", "question"),
            ("Maybe add a button to sort the list", "idea"),
        ):
            self.assertEqual(self.classifier.classify(text)[0], topic, text)

    def test_it_is_unsure_about_strange_words(self):
        self.assertEqual(self.classifier.classify("zyx wvu")[0], "other")
        self.assertEqual(Classifier([]).classify("hello"), ("other", 0.0))

    def test_keywords_are_telling_and_in_order(self):
        text = "Please add a button that copies the very long documentation"
        self.assertEqual(self.classifier.keywords(text, 2), ["button", "documentation"])
        self.assertEqual(self.classifier.keywords("!!", 3), [])


class PromptsTest(unittest.TestCase):
    folder = str(DEMO / "seed/prompts")

    def test_every_topic_has_a_reply_and_every_message_fits(self):
        for topic in ("praise", "problem", "question", "idea", "other"):
            text = prompts.reply(topic, ["a", "b", "c"], self.folder)
            self.assertIn("a, b and c", text)
        self.assertTrue(all(0 < len(text) <= 280 for text in prompts.messages(self.folder)))
        self.assertGreater(len(prompts.messages(self.folder)), 10)

    def test_an_empty_volume_is_no_reason_to_fail(self):
        self.assertEqual(prompts.messages("/nowhere"), [])
        self.assertEqual(prompts.reply("idea", [], "/nowhere"), prompts.NO_REPLY)


class ResultsTest(unittest.TestCase):
    def test_a_full_file_is_turned_over(self):
        with tempfile.TemporaryDirectory() as folder:
            for number in range(50):
                results.append("agent-1", {"id": number}, folder, largest=100)
            self.assertEqual(sorted(os.listdir(folder)), ["agent-1.1.jsonl", "agent-1.jsonl"])
            summary = results.summary(folder)
            self.assertEqual(summary["files"], 2)
            self.assertLess(summary["bytes"], 300)
            last = (Path(folder) / "agent-1.jsonl").read_text(encoding="utf-8").splitlines()[-1]
            self.assertEqual(json.loads(last), {"id": 49})

    def test_nothing_written_yet(self):
        self.assertEqual(results.summary("/nowhere"), {"files": 0, "bytes": 0, "writtenAt": None})


class AskTest(unittest.TestCase):
    def test_it_tries_again_until_a_model_answers(self):
        answers = [ConnectionRefusedError("no"), OSError("no name"), {"topic": "idea"}]

        def ask(_text):
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        self.assertEqual(agent.ask_patiently("hi", ask, pauses=(0, 0, 0)), {"topic": "idea"})

    def test_it_gives_up_with_the_reason(self):
        def ask(_text):
            raise ConnectionRefusedError("nobody home")

        with self.assertRaisesRegex(agent.NoAnswer, "nobody home"):
            agent.ask_patiently("hi", ask, pauses=(0, 0))

    def test_what_the_model_refuses_is_not_asked_again(self):
        asked = []

        def ask(text):
            asked.append(text)
            raise urllib.error.HTTPError("http://model", 400, "Bad Request", None, None)

        with self.assertRaisesRegex(agent.NoAnswer, "400"):
            agent.ask_patiently("hi", ask, pauses=(0, 0))
        self.assertEqual(asked, ["hi"])


class WebTest(unittest.TestCase):
    def test_only_files_of_the_page(self):
        self.assertEqual(web.page_file("/").name, "index.html")
        self.assertEqual(web.page_file("/app.js").name, "app.js")
        for path in ("/../web.py", "//etc/passwd", "/..", "/nothing.js", "/.css"):
            self.assertIsNone(web.page_file(path), path)

    def test_the_page_begins_with_what_there_is(self):
        self.assertEqual(web.first_module(b'{"jobs": []}'), b'export default {"jobs": []};\n')

    def test_the_page_begins_empty_when_the_api_is_away(self):
        self.assertEqual(web.first_module(None), b"export default undefined;\n")

    def test_a_body_has_a_length_that_fits(self):
        for text, length in ((None, 0), ("", 0), ("0", 0), ("4096", 4096)):
            self.assertEqual(web.length_of(text), length, text)
        for text in ("-1", "4097", "+1", "1_0", " 1", "x", "9" * 5000):
            self.assertIsNone(web.length_of(text), text)

    def test_changes_have_an_allowance(self):
        now = [0.0]
        allowance = web.Allowance(2, 3, lambda: now[0])
        self.assertEqual([allowance.take() for _ in range(4)], [True, True, True, False])
        now[0] = 0.5
        self.assertEqual([allowance.take() for _ in range(2)], [True, False])


class ServedTest(unittest.TestCase):
    """The page's server with a real socket; the api is away."""

    def serve(self, most=70, seconds=10.0):
        handler = type("Quick", (web.Handler,), {"timeout": seconds})
        server = web.Server(("127.0.0.1", 0), handler, most)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server.server_address

    def say(self, address, text):
        with socket.create_connection(address, timeout=5) as connection:
            connection.sendall(text.encode())
            return connection.recv(65536).decode()

    def test_a_body_without_an_end_is_not_read(self):
        request = "POST /api/jobs HTTP/1.0\r\nContent-Length: -1\r\n\r\n"
        self.assertIn(" 413 ", self.say(self.serve(), request))

    def test_parts_come_from_inside_only(self):
        address = self.serve()
        for path in ("/api/parts", "/api/../parts", "/api//parts"):
            self.assertIn(" 404 ", self.say(address, f"POST {path} HTTP/1.0\r\n\r\n"), path)

    def test_a_connection_that_says_nothing_is_closed(self):
        address = self.serve(seconds=0.2)
        with socket.create_connection(address, timeout=5) as connection:
            self.assertEqual(connection.recv(1), b"")

    def test_a_request_that_arrives_byte_by_byte_is_closed(self):
        for text in ("GET /healthz HTTP/1.0\r\nA: ", "POST /api/jobs HTTP/1.0\r\nContent-Length: 4000\r\n\r\n"):
            address = self.serve(seconds=0.5)
            with socket.create_connection(address, timeout=5) as connection:
                connection.sendall(text.encode())
                begin, open_ = time.monotonic(), True
                while open_ and time.monotonic() - begin < 4:
                    time.sleep(0.1)
                    try:
                        connection.sendall(b"a")
                    except OSError:
                        open_ = False
                self.assertFalse(open_, text)

    def test_connections_beyond_the_most_are_closed_and_places_are_given_back(self):
        address = self.serve(most=1)
        with socket.create_connection(address, timeout=5) as first:
            first.sendall(b"GET /healthz HTTP/1.0\r\n")
            time.sleep(0.2)
            with socket.create_connection(address, timeout=5) as second:
                try:
                    self.assertEqual(second.recv(1), b"")
                except ConnectionResetError:
                    pass
            first.sendall(b"\r\n")
            self.assertIn(b" 200 ", first.recv(65536))
        for _ in range(50):
            try:
                answer = self.say(address, "GET /healthz HTTP/1.0\r\n\r\n")
            except ConnectionResetError:
                answer = ""
            if answer:
                break
            time.sleep(0.1)
        self.assertIn(" 200 ", answer)


class ApiTest(unittest.TestCase):
    def test_a_part_is_kept_without_what_else_is_sent(self):
        part = {key: "x" for key in ("part", "node", "label", "task", "slot", "version")}
        known = {**part, "since": 5}
        self.assertEqual(api.part_of({**known, "more": "y" * 5000, "gone": False}), known)
        self.assertEqual(api.part_of({**known, "gone": True}), {**known, "gone": True})
        for wrong in ({"since": "z" * 100}, {"gone": "yes"}, {"node": "n" * 129}):
            with self.assertRaises(BadRequest):
                api.part_of({**known, **wrong})

    def test_a_length_below_nothing_is_refused(self):
        request = Handler.__new__(Handler)
        for text in ("-1", "5000", "x"):
            request.headers = {"Content-Length": text}
            with self.assertRaises(BadRequest):
                request.body()


if __name__ == "__main__":
    unittest.main()
