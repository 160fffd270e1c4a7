import json
import unittest

from demo import generator, jobs as jobs_module, prompts
from demo.jobs import KEPT, Jobs, Parts
from memory_redis import MemoryRedis

AGENT = {"node": "agent-0", "slot": "2"}


class JobsTest(unittest.TestCase):
    def setUp(self):
        self.redis = MemoryRedis()
        self.jobs = Jobs(self.redis)
        self.now = 1_000_000
        self.real_now = jobs_module.now_ms
        jobs_module.now_ms = lambda: self.now

    def tearDown(self):
        jobs_module.now_ms = self.real_now

    def test_a_job_goes_its_way(self):
        self.jobs.submit("hello", "you")
        self.now += 5
        taken = self.jobs.take(AGENT, 1)
        self.assertEqual((taken["agentNode"], taken["agentTask"]), ("agent-0", "agent.2"))
        self.now += 200
        self.assertTrue(self.jobs.finish(taken["id"], {"topic": "idea", "modelNode": "s-0"}))
        (job,) = self.jobs.recent(10)
        self.assertEqual((job["status"], job["takenAt"] - job["queuedAt"]), ("done", 5))
        self.assertEqual(job["finishedAt"] - job["takenAt"], 200)
        stats = self.jobs.stats()
        self.assertEqual((stats["done"], stats["queued"], stats["taken"]), (1, 0, 0))
        statuses = [json.loads(message)["status"] for message in self.redis.published]
        self.assertEqual(statuses, ["queued", "taken", "done"])

    def test_the_queue_is_bounded(self):
        self.jobs.submit("hello", "you")
        self.assertFalse(self.jobs.is_full())
        for _ in range(jobs_module.LONGEST_QUEUE):
            self.redis.call("RPUSH", "queue", "1")
        self.assertTrue(self.jobs.is_full())

    def test_nothing_to_take(self):
        self.assertIsNone(self.jobs.take(AGENT, 1))

    def test_a_job_handed_back_comes_first(self):
        for text in ("first", "second"):
            self.jobs.submit(text, "you")
        self.jobs.hand_back(self.jobs.take(AGENT, 1)["id"])
        self.assertEqual(self.jobs.take(AGENT, 1)["text"], "first")

    def test_a_result_that_comes_too_late_counts_once(self):
        self.jobs.submit("hello", "you")
        job = self.jobs.take(AGENT, 1)
        self.jobs.hand_back(job["id"])
        self.assertFalse(self.jobs.finish(job["id"], {}))
        self.assertEqual(self.jobs.stats()["done"], 0)

    def test_rescue_waits_then_hands_back_then_gives_up(self):
        self.jobs.submit("hello", "you")
        for _ in range(jobs_module.TRIES - 1):
            self.jobs.take(AGENT, 1)
            self.assertEqual(self.jobs.rescue(), [])
            self.now += jobs_module.TAKEN_TOO_LONG_MS
            self.assertEqual(self.jobs.rescue(), ["1"])
            self.assertEqual(self.jobs.stats()["queued"], 1)
        self.jobs.take(AGENT, 1)
        self.now += jobs_module.TAKEN_TOO_LONG_MS
        self.jobs.rescue()
        (job,) = self.jobs.recent(1)
        self.assertEqual(job["status"], "failed")
        self.assertIn("3 tries", job["error"])
        self.assertEqual(self.jobs.stats()["failed"], 1)

    def test_the_history_is_bounded_and_newest_first(self):
        for number in range(KEPT + 5):
            self.jobs.submit(f"job {number}", "you")
        self.assertEqual(len(self.redis.data["history"]), KEPT)
        self.assertEqual(self.jobs.recent(1)[0]["text"], f"job {KEPT + 4}")


class PartsTest(unittest.TestCase):
    def test_beats_and_goodbyes(self):
        parts = Parts(MemoryRedis())
        for slot in ("2", "1"):
            parts.beat({"part": "agent", "slot": slot, "task": f"t{slot}"})
        self.assertEqual([part["slot"] for part in parts.all()], ["1", "2"])
        parts.beat({"part": "agent", "slot": "1", "task": "t1", "gone": True})
        self.assertEqual([part["slot"] for part in parts.all()], ["2"])


class GeneratorTest(unittest.TestCase):
    def setUp(self):
        self.redis = MemoryRedis()
        self.real, prompts.messages = prompts.messages, lambda: ["hello"]

    def tearDown(self):
        prompts.messages = self.real

    def queued(self):
        return self.redis.llen("queue")

    def test_one_message_a_turn_for_all_apis(self):
        for who in ("one", "two"):
            generator.one_message(self.redis, who, 1.5)
        self.assertEqual(self.queued(), 1)

    def test_silent_when_switched_off_or_crowded(self):
        self.redis.set(generator.OFF, "1")
        generator.one_message(self.redis, "one", 1.5)
        self.assertEqual(self.queued(), 0)
        self.redis.delete(generator.OFF)
        self.redis.data["queue"] = ["x"] * generator.CROWDED
        generator.one_message(self.redis, "one", 1.5)
        self.assertEqual(self.queued(), generator.CROWDED)


if __name__ == "__main__":
    unittest.main()
