"""Texts that were seeded into the data volume. They are read again each time, so they can be edited."""

import json

FOLDER = "/data/prompts"
NO_REPLY = "Sorted, but the volume holds no reply for it."


def messages(folder: str = FOLDER) -> list[str]:
    """What the generator sends; empty when the file is missing."""
    try:
        with open(f"{folder}/messages.txt", encoding="utf-8") as file:
            return [line.strip() for line in file if line.strip()]
    except OSError:
        return []


def in_words(keywords: list[str]) -> str:
    if not keywords:
        return "this"
    if len(keywords) == 1:
        return keywords[0]
    return f"{', '.join(keywords[:-1])} and {keywords[-1]}"


def reply(topic: str, keywords: list[str], folder: str = FOLDER) -> str:
    """The reply for a topic, with the keywords filled in."""
    try:
        with open(f"{folder}/replies.json", encoding="utf-8") as file:
            template = json.load(file).get(topic, NO_REPLY)
    except (OSError, ValueError):
        template = NO_REPLY
    return template.replace("{keywords}", in_words(keywords))
