"""The cases of the Autobahn test suite against a server that sends every message back.

    python run.py ADDRESS

What is tested is the transport of a session, so every text of a case travels as an Engine.IO message: with a `4`
before its first byte, however the case cuts it. Nothing else of the case changes.
"""

import asyncio
import collections
import os
import sys

import kosoku
import kosoku.cases  # puts the cases where they can be imported

# The base of all cases has this name where the suite keeps them.
from case import Case

TEXT = 1
# All but those about size, speed and compression; and how many that are.
CASES = ("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*")
LEAST = 247
# What may be as the suite calls NON-STRICT, which RFC 6455 allows, and why it is so. All else must be OK.
WHOLE = "text is checked when it has come whole, not at its first bad byte"
NON_STRICT = dict.fromkeys(["6.4.1", "6.4.2", "6.4.3", "6.4.4"], WHOLE)
# What the suite only reports, because RFC 6455 leaves it open.
INFORMATIONAL = {"7.1.6", "7.13.1", "7.13.2"}
PARALLEL = 8


def marked(payload):
    """The text of a message, as an Engine.IO packet."""
    return ("4" if isinstance(payload, str) else b"4") + payload


class Protocol:
    """The suite's own connection, of which a case sees this side."""

    def __init__(self, inner):
        self.__dict__["inner"] = inner
        self.__dict__["begins"] = False

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def __setattr__(self, name, value):
        setattr(self.inner, name, value)

    def sendFrame(self, opcode, payload="", payload_len=None, **rest):
        if payload_len is not None:
            payload = (payload * (payload_len // len(payload) + 1))[:payload_len]
        self.inner.sendFrame(opcode, marked(payload) if opcode == TEXT else payload, **rest)

    def sendMessage(self, payload, isBinary=False, **rest):
        self.inner.sendMessage(payload if isBinary else marked(payload), isBinary, **rest)

    def beginMessage(self):
        self.__dict__["begins"] = True
        self.inner.beginMessage()

    def beginMessageFrame(self, length):
        self.inner.beginMessageFrame(length + self.begins)

    def sendMessageFrameData(self, payload):
        self.inner.sendMessageFrameData(marked(payload) if self.begins else payload)
        self.__dict__["begins"] = False


def through_engine(case):
    """Puts the Engine.IO session between the cases and the server."""
    begin, message = case.__init__, case.onMessage

    def on_message(self, text, binary):
        if binary:
            message(self, text, binary)
        elif text[:1] in ("4", b"4"):
            message(self, text[1:], binary)
        elif text[:1] not in ("0", b"0"):
            raise ValueError(f"the server sent {text[:40]!r}, which is no message")

    case.__init__ = lambda self, protocol: begin(self, Protocol(protocol))
    case.onMessage = on_message


def is_met(result):
    """Whether a case came out as it must."""
    how, close = result.behavior.value, result.behavior_close.value
    if how == "INFORMATIONAL":
        return result.case_id in INFORMATIONAL
    return close == "OK" and (how == "OK" or (how == "NON-STRICT" and result.case_id in NON_STRICT))


async def main(address):
    through_engine(Case)
    url = f"ws://{address}/socket.io/?EIO=4&transport=websocket"
    try:
        results = await kosoku.run_fuzzingclient(url, CASES, concurrency=PARALLEL)
    except kosoku.FailureError as failure:
        results = failure.results
    verdicts = collections.Counter(result.behavior.value for result in results)
    for result in results:
        how, close = result.behavior.value, result.behavior_close.value
        if (how, close) != ("OK", "OK"):
            why = NON_STRICT.get(result.case_id, f"{result.result} {result.result_close}")
            print(f"{result.case_id}: {how}, close {close}: {why}")
    print(f"{len(results)} cases:", ", ".join(f"{count} {how}" for how, count in verdicts.items()))
    unmet = [result.case_id for result in results if not is_met(result)]
    is_met_by_all = not unmet and len(results) >= LEAST
    if not is_met_by_all:
        print(f"not met: {unmet}, of {len(results)} cases")
    sys.stdout.flush()
    # The suite's compiled part now and then aborts while the interpreter is taken down. All has been said by now.
    os._exit(0 if is_met_by_all else 1)


asyncio.run(main(sys.argv[1]))
