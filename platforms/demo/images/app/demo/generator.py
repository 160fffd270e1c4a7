"""Sends a message now and then, so that there is something to see."""

import random
import time

from demo import prompts
from demo.jobs import Jobs
from demo.log import log
from demo.redis import Away, Redis

OFF = "generator:off"
CROWDED = 20  # jobs in the queue above which no more are added


def turn(redis: Redis, who: str, interval: float) -> bool:
    """True when it is time for a job, for one of all apis: whoever sets the key first."""
    length = max(50, round(interval * 1000 * random.uniform(0.7, 1.3)))
    return redis.call("SET", "generator:turn", who, "NX", "PX", length) == "OK"


def one_message(redis: Redis, who: str, interval: float) -> None:
    if redis.call("EXISTS", OFF) or redis.call("LLEN", "queue") >= CROWDED:
        return
    texts = prompts.messages()
    if texts and turn(redis, who, interval):
        Jobs(redis).submit(random.choice(texts), "generator")


def generate(redis: Redis, who: str, interval: float) -> None:
    """Never ends; an interval of 0 means no messages at all."""
    while interval > 0:
        try:
            one_message(redis, who, interval)
        except Away as error:
            log("waiting for redis", reason=str(error))
            time.sleep(1)
        time.sleep(min(0.2, interval / 2))
