import json
import os
import tempfile
import unittest
import urllib.error
from pathlib import Path

import web
from demo import agent, prompts, results
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


if __name__ == "__main__":
    unittest.main()
