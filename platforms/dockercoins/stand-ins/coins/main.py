"""Starts the part of DockerCoins that the image was built as."""

import os
import signal
import sys

import hasher
import rng
import webui
import worker

PARTS = {"rng": rng.run, "hasher": hasher.run, "worker": worker.run, "webui": webui.run}

# As process 1 it would ignore what nothing handles.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
PARTS[os.environ["PART"]]()
