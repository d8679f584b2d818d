"""The Python client, python-socketio, against a server that keeps the contract of reference.mjs.

    python client.py COMMAND…    the command line that starts the server
"""

import os
import subprocess
import sys
import threading

import engineio.payload
import socketio

# This client takes 16 packets in one answer to a poll unless told otherwise; servers send what they have.
engineio.payload.Payload.max_decode_packets = 1000
PATIENCE = 10


def start(command):
    """The server and its address."""
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PORT": "0"})
    for line in server.stdout:
        if "listening on" in line:
            return server, f"http://127.0.0.1:{line.split()[-1]}"
    raise SystemExit("the server ended before it listened")


class Events:
    """The events of one name, in the order they came."""

    def __init__(self, client, name, namespace="/"):
        self.seen = []
        self.changed = threading.Condition()
        client.on(name, self.add, namespace=namespace)

    def add(self, *args):
        with self.changed:
            self.seen.append(args)
            self.changed.notify()

    def wait(self, count):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.seen) >= count, PATIENCE), self.seen
            return self.seen


def check(url, transports):
    one, two = socketio.Client(), socketio.Client()
    back, news, reset = Events(one, "back"), Events(two, "news"), Events(two, "disconnect")
    binary = Events(one, "bin")
    one.on("q", lambda number, word: (number + 1, word.upper()))
    answers = Events(one, "a")
    for client in (one, two):
        client.connect(url, transports=transports, namespaces=["/", "/custom"], wait_timeout=PATIENCE)
    assert one.get_sid() != one.get_sid("/custom")

    # Text in several scripts, acks, and many events at once. (This client gives each event a thread.)
    value = {"text": "안녕하세요 é 😀", "list": [1, None, True]}
    assert one.call("echo", (value, "two")) == (value, "two")
    assert one.call("echo", value, namespace="/custom") == value
    for number in range(200):
        one.emit("back", number)
    assert sorted(args[0] for args in back.wait(200)) == list(range(200))

    # Binary both ways, nested.
    assert one.call("echo", {"deep": [b"\x00\xff", {"more": b"abc"}]}) == {"deep": [b"\x00\xff", {"more": b"abc"}]}
    one.emit("bin")
    assert binary.wait(1)[0][:2] == ({"list": [b"\x01\x02\x03"], "deep": {"bytes": b"\xff"}}, b"\x00")

    # An ack that the server asks for.
    one.emit("ackme")
    assert answers.wait(1)[0][:2] == (2, "TWO")

    # Rooms and broadcasts: to the others only.
    two.call("join", "red")
    one.emit("room", ("red", "for red"))
    one.emit("broadcast", "for all")
    assert {args[0] for args in news.wait(2)} == {"for red", "for all"}

    # Refused by middleware.
    refused = socketio.Client()
    try:
        refused.connect(url, transports=transports, namespaces=["/forbidden"], wait_timeout=PATIENCE)
        raise AssertionError("/forbidden let us in")
    except socketio.exceptions.ConnectionError as error:
        assert "forbidden" in str(error), error

    # Thrown out of one namespace, and still in the other.
    two.emit("kick")
    reset.wait(1)
    assert two.call("echo", 1, namespace="/custom") == 1
    one.disconnect()
    two.disconnect()


def main():
    server, url = start(sys.argv[1:])
    try:
        for transports in (["polling"], ["websocket"], ["polling", "websocket"]):
            check(url, transports)
            print(f"python-socketio over {' then '.join(transports)}: passed")
    finally:
        server.kill()


main()
