"""One line of JSON per thing that happened."""

import json
import os
import sys
import time


def log(what: str, **fields) -> None:
    line = {"at": time.strftime("%H:%M:%S"), "part": os.environ.get("PART", "?"), "what": what}
    print(json.dumps({**line, **fields}), file=sys.stdout, flush=True)
