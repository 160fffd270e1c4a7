"""The model: says what a text is about. It keeps no state and knows no redis."""

import json
import random
import signal
import time

from demo.classifier import Classifier, read_examples
from demo.identity import beat_forever, identity, tell_api
from demo.log import log
from demo.serve import BadRequest, serve

PORT = 8002
LONGEST_TEXT = 2000


def run() -> None:
    with open("/etc/model/settings.json", encoding="utf-8") as file:
        settings = json.load(file)
    with open("/etc/model/examples.tsv", encoding="utf-8") as file:
        examples = read_examples(file.read())
    classifier = Classifier(examples)
    least, most = settings["thinkingMs"]
    me = identity()

    def ask(request) -> None:
        text = request.body().get("text")
        if not isinstance(text, str) or not 0 < len(text) <= LONGEST_TEXT:
            raise BadRequest(f"text must be a string of 1 to {LONGEST_TEXT} characters")
        started = time.monotonic()
        topic, score = classifier.classify(text)
        # The model is tiny; it takes its time so that the way of a job can be seen.
        time.sleep(random.uniform(least, most) / 1000)
        took = round((time.monotonic() - started) * 1000)
        answer = {"topic": topic, "score": score, "took": took, "by": me}
        log("answered", topic=topic, score=score, ms=took)
        request.json(200, {**answer, "keywords": classifier.keywords(text, settings["keywords"])})

    serve(PORT, {"POST /ask": ask})
    log("ready", model=settings["name"], examples=len(examples), port=PORT)
    beat_forever(tell_api)
    try:
        signal.pause()
    finally:
        tell_api(gone=True)
