"""One person with matrix-nio, led step by step.

Every line of standard input is a step; every step is answered by one line of what nio saw:

  {"call": "room_send", "args": {...}}         a method of AsyncClient: its response
  {"http": ["POST", "/_matrix/...", {...}]}    what nio has no method for, by its HTTP layer
  {"room": "!id"}                              what nio knows of a room, by its syncs
  {"self": true}                               who nio believes to be, and where

Arguments: the homeserver's URL and the user's name.
"""

import asyncio
import enum
import json
import sys

import nio

ENUMS = {
    "visibility": nio.RoomVisibility,
    "preset": nio.RoomPreset,
    "direction": nio.MessageDirection,
    "kind": nio.PushRuleKind,
}

# what every response of nio has, and no server said
BOOKKEEPING = {"uuid", "start_time", "end_time", "timeout", "transport_response"}


def argument(name, value):
    if name in ENUMS:
        return ENUMS[name][value]
    if name == "actions":
        return [nio.PushUnknownAction(action) for action in value]
    if name == "message":
        return nio.ToDeviceMessage(**value)
    return value


def shown(value):
    """nio's objects as JSON: what they hold, and the name of their class under "is"."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, dict):
        return {str(key): shown(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [shown(item) for item in value]
    if not hasattr(value, "__dict__"):
        return str(value)
    held = {name: shown(item) for name, item in vars(value).items() if name not in BOOKKEEPING}
    return {"is": type(value).__name__, **held}


async def by_http(client, method, path, body=None):
    headers = {"Content-Type": "application/json"}
    if client.access_token:
        headers["Authorization"] = f"Bearer {client.access_token}"
    data = None if body is None else json.dumps(body)
    answer = await client.send(method, path, data, headers)
    return {"status": answer.status, "body": await client.parse_body(answer)}


def room_of(client, room_id):
    room = client.rooms.get(room_id) or client.invited_rooms.get(room_id)
    return None if room is None else {**shown(room), "display_name": room.display_name}


async def take(client, step):
    if "call" in step:
        given = {name: argument(name, value) for name, value in step.get("args", {}).items()}
        return shown(await getattr(client, step["call"])(**given))
    if "http" in step:
        return await by_http(client, *step["http"])
    if "room" in step:
        return room_of(client, step["room"])
    return {
        "user_id": client.user_id,
        "device_id": client.device_id,
        "logged_in": client.logged_in,
        "rooms": list(client.rooms),
        "invited_rooms": list(client.invited_rooms),
    }


async def main(homeserver, user):
    client = nio.AsyncClient(homeserver, user)
    loop = asyncio.get_running_loop()
    try:
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            try:
                saw = await take(client, json.loads(line))
            except Exception as error:  # what nio raises is part of what it saw
                saw = {"raised": type(error).__name__, "message": str(error)}
            print(json.dumps(saw), flush=True)
    finally:
        await client.close()


asyncio.run(main(*sys.argv[1:]))
