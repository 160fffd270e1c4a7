"""An agent: takes a job from the queue, asks the model, writes the result to the data volume."""

import json
import random
import signal
import socket
import time
import urllib.error
import urllib.request

from demo import prompts, results
from demo.identity import beat_forever, identity, tell_api
from demo.jobs import Jobs, now_ms
from demo.log import log
from demo.redis import Away, Redis, Refused
from demo.secret import redis_password
from demo.serve import serve

PORT = 8001
PAUSES = (0.3, 0.8, 1.5, 2.5)  # between tries to reach a model, in seconds


class NoAnswer(Exception):
    """No model answered, or it answered with an error."""


def ask_model(text: str, name: str = "model", port: int = 8002) -> dict:
    """Asks one of the addresses that the model's name has right now."""
    found = {entry[4][0] for entry in socket.getaddrinfo(name, port, socket.AF_INET)}
    url = f"http://{random.choice(sorted(found))}:{port}/ask"
    request = urllib.request.Request(url, json.dumps({"text": text}).encode())
    with urllib.request.urlopen(request, timeout=3) as response:
        return json.load(response)


def ask_patiently(text: str, ask=ask_model, pauses=PAUSES) -> dict:
    """Tries again while no model can be reached; each try resolves the name anew."""
    for pause in (*pauses, None):
        try:
            return ask(text)
        except urllib.error.HTTPError as error:
            raise NoAnswer(f"the model refused: {error.code} {error.reason}") from error
        except (OSError, ValueError) as error:
            if pause is None:
                raise NoAnswer(f"no model answers: {error}") from error
            time.sleep(pause)
    raise AssertionError("unreachable")


def work(job: dict, me: dict) -> tuple[str, dict]:
    """Does one job; the status it ended with and what is known of it."""
    try:
        answer = ask_patiently(job["text"])
        reply = prompts.reply(answer["topic"], answer["keywords"])
        fields = {
            "topic": answer["topic"],
            "score": answer["score"],
            "reply": reply,
            "modelMs": answer["took"],
            "modelNode": answer["by"]["node"],
            "modelTask": f"model.{answer['by']['slot']}",
        }
        line = {"id": job["id"], "at": now_ms(), "text": job["text"], **fields}
        file = results.append(f"agent-{me['slot']}", {**line, "agentNode": me["node"]})
        return "done", {**fields, "keywords": json.dumps(answer["keywords"]), "file": file}
    except NoAnswer as error:
        return "failed", {"error": str(error)}
    except OSError as error:
        return "failed", {"error": f"the volume cannot be written: {error.strerror}"}


class Stopping:
    """SIGTERM ends the agent at once, but not while it writes down how a job ended."""

    def __init__(self):
        self.wanted = False
        self.writing = False
        signal.signal(signal.SIGTERM, self._stop)

    def _stop(self, _signal, _frame) -> None:
        self.wanted = True
        if not self.writing:
            raise SystemExit(0)

    def __enter__(self) -> None:
        self.writing = True

    def __exit__(self, *_) -> None:
        self.writing = False
        if self.wanted:
            raise SystemExit(0)


def one_job(jobs: Jobs, me: dict, later: Stopping) -> None:
    job = jobs.take(me, patience=5)
    if job is None:
        return
    try:
        status, fields = work(job, me)
    except SystemExit:
        # Stopped in the middle: a fresh connection, since the old one may be half way through a command.
        with Redis("redis", redis_password(), timeout=1) as redis:
            Jobs(redis).hand_back(job["id"])
        log("handed back", job=job["id"])
        raise
    with later:
        ours = jobs.finish(job["id"], fields, status)
    facts = {key: fields[key] for key in ("topic", "modelNode", "modelMs", "error") if key in fields}
    log(status if ours else "too late", job=job["id"], ms=now_ms() - job["takenAt"], **facts)


def run() -> None:
    me, later = identity(), Stopping()
    serve(PORT, {})
    beat_forever(tell_api)
    log("ready", node=me["node"], port=PORT)
    try:
        with Redis("redis", redis_password()) as redis:
            jobs = Jobs(redis)
            while True:
                try:
                    one_job(jobs, me, later)
                except (Away, Refused) as error:
                    log("waiting for redis", reason=str(error))
                    time.sleep(1)
    finally:
        tell_api(gone=True)
