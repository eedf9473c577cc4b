"""Started as `python3 -c TEXT` with a socket as standard input: takes the other modules from it and serves requests.

Nothing is read from the disk, so the command works wherever it was copied to.
"""
import sys

# With -c the working folder comes first: a file named torch.py in it must not be taken for the library.
sys.path[:] = [path for path in sys.path if path]

import importlib.abc
import importlib.util
import json
import os
import struct

# What libraries print must not get into the frames: standard output becomes standard error, standard input empty.
descriptor = os.dup(0)
os.dup2(2, 1)
nothing = os.open(os.devnull, os.O_RDONLY)
os.dup2(nothing, 0)
os.close(nothing)


class Sources(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports `arcface_worker.NAME` from texts; tracebacks show their lines."""

    package = "arcface_worker"

    def __init__(self, texts):
        self.texts = texts

    def find_spec(self, name, path=None, target=None):
        if name == self.package or name.removeprefix(self.package + ".") in self.texts and "." in name:
            return importlib.util.spec_from_loader(name, self, origin=name, is_package=name == self.package)
        return None

    def get_source(self, name):
        return "" if name == self.package else self.texts[name.removeprefix(self.package + ".")]

    def is_package(self, name):
        return name == self.package


def received(count):
    parts = []
    while count:
        part = os.read(descriptor, min(count, 1 << 20))
        if not part:
            sys.exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


_, length = struct.unpack("<IQ", received(12))
setup = json.loads(received(length))
sys.meta_path.insert(0, Sources(setup["sources"]))
sys.path += [path for path in setup["packages"] if path not in sys.path]

from arcface_worker import worker

worker.serve(descriptor)
