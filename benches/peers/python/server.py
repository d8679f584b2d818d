"""The bench server on python-socketio, with aiohttp underneath: `server.py PORT`."""

import sys

import socketio
from aiohttp import web

io = socketio.AsyncServer(async_mode="aiohttp")


@io.event
async def chat(sid, value):
    await io.emit("chat", value, skip_sid=sid)


@io.on("all")
async def everybody(sid, value):
    await io.emit("all", value)


@io.event
async def echo(sid, value):
    return value


@io.event
async def join(sid, room):
    await io.enter_room(sid, room)
    return True


@io.event
async def room(sid, name, value):
    await io.emit("room", value, room=name, skip_sid=sid)


app = web.Application()
io.attach(app)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
