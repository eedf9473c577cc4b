#!/usr/bin/env python3
"""Writes C++ classes with the vtables that a table of slots describes: generate.py TABLE... > interfaces.hpp"""
import csv
import re
import sys

PLAIN = {"void", "bool", "int", "char", "float", "const", "std", "size_t", "int32_t", "int64_t", "uint32_t", "uint64_t"}
GIVEN = {"Dims", "DimsHW", "Weights", "TimingCacheKey", "TimingCacheValue"}
UNSIGNED = re.compile(r".*Flags$|^TacticSources$|^TensorFormats$")
HANDLES = {"cudaStream_t", "cudaEvent_t"}


def read(paths):
    """The rows of all tables by interface, in the order of their slots."""
    interfaces = {}
    for path in paths:
        with open(path, newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                interfaces.setdefault(row["interface"], []).append(row)
    for name, rows in interfaces.items():
        if [int(row["slot"]) for row in rows] != list(range(len(rows))):
            sys.exit(f"{name}: slots aren't complete and in order")
    return interfaces


def type_names(interfaces):
    """All names of types that results and arguments mention."""
    names = set()
    for rows in interfaces.values():
        for row in rows:
            names |= set(re.findall(r"[A-Za-z_]\w*", f"{row['returns']} {row['arguments']}"))
    return sorted(names - PLAIN - GIVEN)


def declaration(name):
    """A type that has the size and the calling convention of the real one."""
    if name in HANDLES:
        return f"using {name} = void *;"
    if UNSIGNED.match(name):
        return f"using {name} = uint32_t;"
    if re.match(r"I[A-Z]", name) or name == "SubGraphCollection_t":
        return f"struct {name};"
    return f"enum class {name} : int32_t {{}};"


def method(interface, row):
    """One virtual method that is a trap."""
    name = row["method"]
    if name.endswith("[complete]"):
        return f"    virtual ~{interface}() = default;"
    if name.endswith("[deleting]"):
        return "    // the deleting destructor"
    arguments = f"{row['arguments'] or ''}"
    return f"    virtual {row['returns']} {name}({arguments}) {{ trap(\"{interface}\", {row['slot']}, \"{name}\"); }}"


interfaces = read(sys.argv[1:])
print("#pragma once\n#include <cstddef>\n#include <cstdint>\n")
for name in type_names(interfaces):
    print(declaration(name))
print("\n[[noreturn]] void trap(const char *interface, int slot, const char *method);\n")
for name, rows in interfaces.items():
    print(f"struct {name} {{")
    for row in rows:
        print(method(name, row))
    print("};\n")
