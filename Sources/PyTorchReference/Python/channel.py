"""Frames over a socket: kind (uint32), length of the payload (uint64), both little-endian, then the payload."""
import json
import socket
import struct

HEADER = struct.Struct("<IQ")

# Requests.
EXAMINE, LOAD, MODEL, EMBED = 2, 3, 4, 5
# Answers.
HELLO, FACTS, READY, EMBEDDINGS, FAILURE = 101, 102, 103, 104, 105


class Channel:
    def __init__(self, descriptor):
        self.socket = socket.socket(fileno=descriptor)

    def header(self):
        """The next request's (kind, length), or None when the other side is gone."""
        header = bytearray(HEADER.size)
        return HEADER.unpack(header) if self.fill(header) else None

    def fill(self, buffer):
        """Receives as many bytes as the buffer holds; False when the other side is gone."""
        view = memoryview(buffer).cast("B")
        while len(view):
            count = self.socket.recv_into(view)
            if count == 0:
                return False
            view = view[count:]
        return True

    def payload(self, length):
        buffer = bytearray(length)
        if not self.fill(buffer):
            raise EOFError("the other side went away in the middle of a frame")
        return buffer

    def send(self, kind, *parts):
        views = [memoryview(part).cast("B") for part in parts]
        self.socket.sendall(HEADER.pack(kind, sum(map(len, views))))
        for view in views:
            self.socket.sendall(view)

    def send_json(self, kind, value):
        self.send(kind, json.dumps(value).encode())
