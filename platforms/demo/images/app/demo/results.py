"""Results on the data volume: one file per agent slot, and the one before it."""

import json
import os

FOLDER = "/data/results"
LARGEST = 256 * 1024


def append(name: str, result: dict, folder: str = FOLDER, largest: int = LARGEST) -> str:
    """Adds a line to the file of this name; a full file becomes `<name>.1.jsonl` first."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"{name}.jsonl")
    if os.path.exists(path) and os.path.getsize(path) >= largest:
        os.replace(path, os.path.join(folder, f"{name}.1.jsonl"))
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(result, ensure_ascii=False) + "\n")
    return os.path.basename(path)


def summary(folder: str = FOLDER) -> dict:
    """How many files and bytes there are, and when the last line was written (ms, or None)."""
    try:
        found = [entry.stat() for entry in os.scandir(folder) if entry.name.endswith(".jsonl")]
    except OSError:
        found = []
    newest = max((entry.st_mtime for entry in found), default=None)
    return {
        "files": len(found),
        "bytes": sum(entry.st_size for entry in found),
        "writtenAt": None if newest is None else round(newest * 1000),
    }
