"""Jobs in redis: a queue, a list of what agents have taken, and the history.

A job is a hash `job:<id>`. Its status goes queued -> taken -> done or failed.
"""

import json
import time

from demo.redis import Redis

KEPT = 200  # jobs in the history
KEPT_SECONDS = 3600
LONGEST_QUEUE = 500
TAKEN_TOO_LONG_MS = 20_000
TRIES = 3
CHANNEL = "events"
NUMBERS = ("queuedAt", "takenAt", "finishedAt", "modelMs", "score", "tries")


def now_ms() -> int:
    return int(time.time() * 1000)


def from_hash(flat: list) -> dict:
    """A job from what HGETALL answers, numbers as numbers."""
    job = dict(zip(flat[::2], flat[1::2]))
    for name in NUMBERS:
        if name in job:
            job[name] = float(job[name]) if name == "score" else int(float(job[name]))
    if "keywords" in job:
        job["keywords"] = json.loads(job["keywords"])
    return job


class Jobs:
    def __init__(self, redis: Redis):
        self.redis = redis

    def _change(self, job_id: str, fields: dict) -> dict:
        """Writes fields of a job and tells everybody who listens."""
        flat = [word for pair in fields.items() for word in pair]
        replies = self.redis.pipeline(
            [
                ["HSET", f"job:{job_id}", *flat],
                ["EXPIRE", f"job:{job_id}", KEPT_SECONDS],
                ["HGETALL", f"job:{job_id}"],
            ]
        )
        job = from_hash(replies[2])
        self.redis.call("PUBLISH", CHANNEL, json.dumps(job))
        return job

    def submit(self, text: str, source: str) -> dict:
        job_id = str(self.redis.call("INCR", "last_id"))
        fields = {"id": job_id, "text": text, "source": source, "status": "queued"}
        job = self._change(job_id, {**fields, "queuedAt": now_ms(), "tries": 0})
        self.redis.pipeline(
            [
                ["LPUSH", "history", job_id],
                ["LTRIM", "history", 0, KEPT - 1],
                ["RPUSH", "queue", job_id],
            ]
        )
        return job

    def is_full(self) -> bool:
        return self.redis.call("LLEN", "queue") >= LONGEST_QUEUE

    def take(self, agent: dict, patience: int) -> dict | None:
        """The next job for this agent, or None when there is none for `patience` seconds."""
        job_id = self.redis.call("BLMOVE", "queue", "taken", "LEFT", "RIGHT", patience, wait=patience)
        if job_id is None:
            return None
        self.redis.call("HINCRBY", f"job:{job_id}", "tries", 1)
        fields = {"status": "taken", "takenAt": now_ms()}
        return self._change(
            job_id, {**fields, "agentNode": agent["node"], "agentTask": f"agent.{agent['slot']}"}
        )

    def finish(self, job_id: str, fields: dict, status: str = "done") -> bool:
        """False when the job was given to another agent meanwhile: then its result is not ours."""
        if self.redis.call("LREM", "taken", 1, job_id) == 0:
            return False
        second = int(time.time())
        self._change(job_id, {**fields, "status": status, "finishedAt": now_ms()})
        self.redis.pipeline(
            [
                ["HINCRBY", "counts", status, 1],
                ["INCR", f"finished:{second}"],
                ["EXPIRE", f"finished:{second}", 180],
            ]
        )
        return True

    def hand_back(self, job_id: str) -> None:
        """Puts a taken job back to the front of the queue."""
        if self.redis.call("LREM", "taken", 1, job_id) > 0:
            self._change(job_id, {"status": "queued"})
            self.redis.call("LPUSH", "queue", job_id)

    def rescue(self) -> list[str]:
        """Hands back what an agent took and did not finish; gives up after some tries."""
        rescued = []
        for job_id in self.redis.call("LRANGE", "taken", 0, -1):
            job = from_hash(self.redis.call("HGETALL", f"job:{job_id}"))
            since = job.get("takenAt", job.get("queuedAt", 0))
            if now_ms() - since < TAKEN_TOO_LONG_MS:
                continue
            if job.get("tries", 0) >= TRIES or not job:
                self.finish(job_id, {"error": f"no agent finished it in {TRIES} tries"}, "failed")
            else:
                self.hand_back(job_id)
            rescued.append(job_id)
        return rescued

    def recent(self, limit: int) -> list[dict]:
        ids = self.redis.call("LRANGE", "history", 0, limit - 1)
        if not ids:
            return []
        found = self.redis.pipeline([["HGETALL", f"job:{job_id}"] for job_id in ids])
        return [from_hash(flat) for flat in found if flat]

    def stats(self, seconds: int = 60) -> dict:
        """Counts, the queue's length, and how many jobs ended in each of the last seconds."""
        last = int(time.time()) - 1
        keys = [f"finished:{last - back}" for back in range(seconds - 1, -1, -1)]
        counts, queued, taken, finished, paused = self.redis.pipeline(
            [
                ["HGETALL", "counts"],
                ["LLEN", "queue"],
                ["LLEN", "taken"],
                ["MGET", *keys],
                ["EXISTS", "generator:off"],
            ]
        )
        counts = dict(zip(counts[::2], map(int, counts[1::2])))
        return {
            "done": counts.get("done", 0),
            "failed": counts.get("failed", 0),
            "queued": queued,
            "taken": taken,
            "perSecond": [int(number or 0) for number in finished],
            "generator": not paused,
        }


class Parts:
    """Tasks that said in the last seconds that they are there."""

    FRESH_SECONDS = 10

    def __init__(self, redis: Redis):
        self.redis = redis

    def beat(self, part: dict) -> None:
        key = f"part:{part['part']}:{part['task']}"
        if part.get("gone"):
            self.redis.call("DEL", key)
        else:
            self.redis.call("SET", key, json.dumps(part), "EX", self.FRESH_SECONDS)

    def all(self) -> list[dict]:
        keys, cursor = set(), "0"
        while True:
            cursor, found = self.redis.call("SCAN", cursor, "MATCH", "part:*", "COUNT", 500)
            keys.update(found)
            if cursor == "0":
                break
        values = self.redis.call("MGET", *keys) if keys else []
        parts = [json.loads(value) for value in values if value]
        return sorted(parts, key=lambda part: (part["part"], part["slot"], part["task"]))
