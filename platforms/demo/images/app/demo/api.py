"""The api: takes jobs, tells about them, and streams what happens."""

import json
import os
import signal
import threading
import time

from demo import generator, results
from demo.identity import beat_forever, identity
from demo.jobs import CHANNEL, KEPT, Jobs, Parts
from demo.log import log
from demo.redis import Away, Redis
from demo.secret import redis_password
from demo.serve import BadRequest, serve

PORT = 8000
LONGEST_TEXT = 280
BEAT_SECONDS = 2
MOST_LISTENERS = 50
listeners = threading.BoundedSemaphore(MOST_LISTENERS)


def connection() -> Redis:
    return Redis("redis", redis_password())


def state(redis: Redis) -> dict:
    stats = {**Jobs(redis).stats(), "results": results.summary()}
    return {"parts": Parts(redis).all(), "stats": stats, "now": round(time.time() * 1000)}


def send_job(request) -> None:
    text = request.body().get("text")
    if not isinstance(text, str) or not 0 < len(text.strip()) <= LONGEST_TEXT:
        raise BadRequest(f"text must be a string of 1 to {LONGEST_TEXT} characters")
    with connection() as redis:
        jobs = Jobs(redis)
        if jobs.is_full():
            raise BadRequest("too many messages wait already: try again later")
        job = jobs.submit(text.strip(), "you")
    log("job", job=job["id"])
    request.json(202, job)


def list_jobs(request) -> None:
    with connection() as redis:
        request.json(200, {"jobs": Jobs(redis).recent(request.number("limit", 30, KEPT))})


def list_parts(request) -> None:
    with connection() as redis:
        request.json(200, {"parts": Parts(redis).all()})


def part_of(given: dict) -> dict:
    """What is known of a part, and nothing else that somebody sends."""
    texts = {key: given.get(key) for key in ("part", "node", "label", "task", "slot", "version")}
    if not all(isinstance(text, str) and 0 < len(text) <= 128 for text in texts.values()):
        raise BadRequest("a part has a part, node, label, task, slot and version, all text")
    since, gone = given.get("since", 0), given.get("gone", False)
    if type(since) is not int or type(gone) is not bool:
        raise BadRequest("`since` of a part is a whole number, and `gone` true or false")
    return {**texts, "since": since, **({"gone": True} if gone else {})}


def take_beat(request) -> None:
    part = request.body()
    known = part_of(part)
    with connection() as redis:
        Parts(redis).beat(known)
    request.json(200, {"ok": True})


def show_stats(request) -> None:
    with connection() as redis:
        request.json(200, state(redis)["stats"])


def everything(redis: Redis) -> dict:
    """What a page needs to begin with."""
    return {"jobs": Jobs(redis).recent(30), **state(redis)}


def show_everything(request) -> None:
    with connection() as redis:
        request.json(200, everything(redis))


def switch_generator(request) -> None:
    on = request.body().get("on")
    if not isinstance(on, bool):
        raise BadRequest("on must be true or false")
    with connection() as redis:
        redis.call(*(["DEL", generator.OFF] if on else ["SET", generator.OFF, "1"]))
    request.json(200, {"generator": on})


def stream(request) -> None:
    """Server-sent events: `hello` with all there is, then `job` and `state`; `away` without redis."""
    if not listeners.acquire(blocking=False):
        request.json(503, {"error": f"{MOST_LISTENERS} pages are listening already"})
        return
    try:
        request.send_response(200)
        request.send_header("Content-Type", "text/event-stream")
        request.send_header("Cache-Control", "no-store")
        request.end_headers()

        def send(event: str, data) -> None:
            text = data if isinstance(data, str) else json.dumps(data)
            request.wfile.write(f"event: {event}\ndata: {text}\n\n".encode())

        while True:
            try:
                with connection() as redis, connection() as subscription:
                    listen(send, redis, subscription)
            except Away:
                send("away", {"what": "redis"})
                time.sleep(1)
    finally:
        listeners.release()


def listen(send, redis: Redis, subscription: Redis) -> None:
    messages = subscription.messages(CHANNEL, patience=BEAT_SECONDS)
    next(messages)  # the subscription counts from here, so no job is missed between it and `hello`
    send("hello", everything(redis))
    told = time.monotonic()
    for message in messages:
        if message is not None:
            send("job", message)
        if time.monotonic() - told >= BEAT_SECONDS:
            send("state", state(redis))
            told = time.monotonic()


def look_after_jobs() -> None:
    """Every few seconds, hands back jobs whose agent is gone."""
    with connection() as redis:
        while True:
            try:
                for job_id in Jobs(redis).rescue():
                    log("rescued", job=job_id)
            except Away:
                pass
            time.sleep(5)


def beat() -> None:
    try:
        with connection() as redis:
            Parts(redis).beat(identity())
    except Away:
        pass


ROUTES = {
    "POST /jobs": send_job,
    "GET /jobs": list_jobs,
    "GET /parts": list_parts,
    "POST /parts": take_beat,
    "GET /stats": show_stats,
    "POST /generator": switch_generator,
    "GET /everything": show_everything,
    "GET /events": stream,
}


def run() -> None:
    serve(PORT, ROUTES)
    beat_forever(beat)
    threading.Thread(target=look_after_jobs, daemon=True).start()
    interval = float(os.environ.get("JOB_INTERVAL", "0"))
    who = identity()["task"]
    threading.Thread(
        target=generator.generate, args=(connection(), who, interval), daemon=True
    ).start()
    log("ready", port=PORT, interval=interval)
    try:
        signal.pause()
    finally:
        try:
            with Redis("redis", redis_password(), timeout=1) as redis:
                Parts(redis).beat({**identity(), "gone": True})
        except Away:
            pass
