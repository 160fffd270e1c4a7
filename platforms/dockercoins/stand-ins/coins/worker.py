"""Mines coins: hashes of random bytes that begin with a zero."""

import time
import urllib.request

from store import Store

PAUSE = 0.1


def fetch(url, body=None):
    with urllib.request.urlopen(url, body, timeout=5) as response:
        return response.read()


def mine(store):
    """One round: bytes of rng, their hash of hasher, and the hash into the wallet if it is a coin."""
    bytes_ = fetch("http://rng/32")
    digest = fetch("http://hasher/", bytes_).decode()
    if digest.startswith("0"):
        store.ask("HSET", "wallet", digest, bytes_)
    store.ask("INCRBY", "hashes", 1)


def run():
    while True:
        try:
            store = Store()
            print("mining", flush=True)
            while True:
                mine(store)
                time.sleep(PAUSE)
        except (OSError, ValueError) as error:
            print(f"waiting: {error}", flush=True)
            time.sleep(1)
