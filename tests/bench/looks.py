"""Somebody who looks at one page again and again, in a process of her own: what she does costs the node nothing.

Reads one line of JSON (``host``, ``port``, ``path``, ``cookie``, ``pause`` in seconds), says ``looking`` when the first
answer is there, and goes on until its input ends. Then one line of JSON: [begun, seconds, bytes] of each look, begun by
the clock that all processes of the machine share (CLOCK_MONOTONIC).
"""

import json
import select
import sys
import time
from http.client import HTTPConnection


def main() -> None:
    """Looks until nobody wants it any more."""
    told = json.loads(sys.stdin.readline())
    browser = HTTPConnection(told["host"], told["port"], timeout=60)
    looks = []
    while not select.select([sys.stdin], [], [], told["pause"])[0]:
        begun = time.monotonic()
        browser.request("GET", told["path"], headers={"Cookie": told["cookie"]})
        answer = browser.getresponse()
        length = len(answer.read())
        if answer.status != 200:
            sys.exit(f"{told['path']} answered {answer.status}")
        looks.append((begun, time.monotonic() - begun, length))
        if len(looks) == 1:
            print("looking", flush=True)
    print(json.dumps(looks))


if __name__ == "__main__":
    main()
