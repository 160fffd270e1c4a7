"""Sorts short texts by topic: naive Bayes over words, learned from a few examples."""

import math
import re
from collections import Counter

# Say nothing about the topic, while "where", "cannot" or "please" do.
NEUTRAL = set(
    "a an the and or but to of in on at by for from with it its is are was be my our your this that".split()
)
COMMON = NEUTRAL | set(
    "without were been i we you they he she these those do does did has have had can could would should "
    "will may me us so as if not no one two all every any there here up down out "
    "please cannot where when what which who how great maybe again since after before much".split()
)
UNSURE = 0.4  # below this the topic is "other"


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def read_examples(table: str) -> list[tuple[str, str]]:
    """Lines of topic, tab, text."""
    pairs = [line.split("\t", 1) for line in table.splitlines() if "\t" in line]
    return [(topic.strip(), text.strip()) for topic, text in pairs]


class Classifier:
    def __init__(self, examples: list[tuple[str, str]]):
        self.topics = Counter(topic for topic, _ in examples)
        self.seen = {topic: Counter() for topic in self.topics}
        for topic, text in examples:
            self.seen[topic].update(word for word in words(text) if word not in NEUTRAL)
        self.vocabulary = {word for counts in self.seen.values() for word in counts}

    def _log_chance(self, topic: str, text: list[str]) -> float:
        counts = self.seen[topic]
        total = sum(counts.values()) + len(self.vocabulary)
        start = math.log(self.topics[topic] / sum(self.topics.values()))
        return start + sum(math.log((counts[w] + 1) / total) for w in text if w in self.vocabulary)

    def classify(self, text: str) -> tuple[str, float]:
        """The most likely topic and how likely it is, 0 to 1."""
        if not self.topics:
            return "other", 0.0
        found = words(text)
        logs = {topic: self._log_chance(topic, found) for topic in self.topics}
        best = max(logs, key=lambda topic: (logs[topic], topic))
        share = 1 / sum(math.exp(value - logs[best]) for value in logs.values())
        return (best if share >= UNSURE else "other"), round(share, 3)

    def keywords(self, text: str, most: int) -> list[str]:
        """The words that say most about the text: long and not common, in their order."""
        found = [word.strip("'") for word in words(text)]
        telling = [word for word in dict.fromkeys(found) if len(word) > 3 and word not in COMMON]
        chosen = sorted(telling, key=lambda word: (-len(word), found.index(word)))[:most]
        return [word for word in telling if word in chosen]
