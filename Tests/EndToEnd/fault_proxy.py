"""A proxy between a client and a server that does one seeded harm after the other to their connections."""
import random
import re
import socket
import threading
import time


class FaultProxy:
    """Listens on loopback and passes bytes on to a server, some of them never, late or changed.

    How many connections are harmed, and how, depends on the seed alone; when which connection opens depends on the client.
    """

    KINDS = ["cut_up", "cut_down", "busy", "trickle", "corrupt_up", "corrupt_down", "longer", "shorter", "silent", "refuse"]

    def __init__(self, port, seed, kinds=None, harmed=None, span=24 << 20):
        self.random = random.Random(seed)
        self.kinds = kinds or self.KINDS
        self.harmed = self.random.randint(1, 8) if harmed is None else harmed
        self.span = span
        self.server_port = port
        self.lock = threading.Lock()
        self.done = []
        self.open = True
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    def close(self):
        self.open = False
        self.listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def accept(self):
        while self.open:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                plan = None
                # Every other connection is spared, so that a client which tries again gets somewhere.
                if len(self.done) < self.harmed and self.random.random() < 0.6:
                    # Most harm is done early: a request's beginning and its end matter more than its middle.
                    at = int(self.span * self.random.random() ** 4)
                    plan = (self.random.choice(self.kinds), at, self.random.randrange(1, 256))
                    self.done.append(plan)
            threading.Thread(target=self.serve, args=(client, plan), daemon=True).start()

    def serve(self, client, plan):
        kind, at, value = plan or (None, 0, 0)
        try:
            client.settimeout(60)
            if kind == "refuse":
                client.close()
                return
            if kind == "busy":
                self.answer_busy(client, value)
                return
            if kind == "silent":
                time.sleep(3)
                client.close()
                return
            server = socket.create_connection(("127.0.0.1", self.server_port), timeout=60)
        except OSError:
            client.close()
            return
        up = threading.Thread(target=self.pass_on, args=(client, server, kind, at, value, "up"), daemon=True)
        up.start()
        self.pass_on(server, client, kind, at, value, "down")

    @staticmethod
    def answer_busy(client, value):
        """Reads a request as far as its headers, and says that the server is busy."""
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(65536)
            if not piece:
                break
            head += piece
        code, name = [(503, "SlowDown"), (500, "InternalError"), (429, "TooManyRequests")][value % 3]
        body = f"<?xml version=\"1.0\"?><Error><Code>{name}</Code><Message>later</Message></Error>".encode()
        client.sendall(b"HTTP/1.1 %d Busy\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (code, len(body), body))
        client.shutdown(socket.SHUT_WR)
        client.settimeout(2)
        try:
            while client.recv(65536):
                pass
        except OSError:
            pass
        client.close()

    def pass_on(self, source, target, kind, at, value, direction):
        passed = 0
        try:
            while piece := source.recv(65536):
                if kind in ("longer", "shorter") and direction == "down" and passed == 0:
                    piece = self.lie(piece, kind, value)
                if kind == f"corrupt_{direction}" and passed <= at < passed + len(piece):
                    piece = bytearray(piece)
                    piece[at - passed] ^= value
                if kind == f"cut_{direction}" and passed + len(piece) > at:
                    target.sendall(piece[:at - passed])
                    break
                if kind == "trickle" and direction == "down" and passed + len(piece) > at:
                    for byte in piece[:40]:
                        target.sendall(bytes([byte]))
                        time.sleep(0.05)
                    break
                target.sendall(piece)
                passed += len(piece)
        except OSError:
            pass
        finally:
            for end in (source, target):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    @staticmethod
    def lie(piece, kind, value):
        def other(match):
            length = int(match[1])
            return b"ontent-Length: %d" % (length + value if kind == "longer" else max(0, length - value))
        return re.sub(rb"ontent-[Ll]ength: (\d+)", other, piece, count=1)
