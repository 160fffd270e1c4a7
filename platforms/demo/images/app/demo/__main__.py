"""Starts one part: `python3 -m demo api|agent|model`."""

import signal
import sys


def leave(_signal, _frame):
    raise SystemExit(0)


def main() -> None:
    part = sys.argv[1] if len(sys.argv) == 2 else ""
    signal.signal(signal.SIGTERM, leave)
    if part == "api":
        from demo import api as chosen
    elif part == "agent":
        from demo import agent as chosen
    elif part == "model":
        from demo import model as chosen
    else:
        sys.exit(f"demo: no part '{part}'; it is one of api, agent, model")
    chosen.run()


main()
