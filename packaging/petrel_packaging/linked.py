"""What a binary is linked with, and which Debian packages that comes from."""

import os
import pathlib
import re
import subprocess

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def output(*command):
    return subprocess.check_output(command, text=True, cwd=REPOSITORY).strip()


def epoch():
    """The time of everything that is made: SOURCE_DATE_EPOCH, or the last commit's."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or output("git", "log", "-1", "--format=%ct"))


def libraries(binary):
    """The loader and every shared library, as ldd finds them: path by name."""
    found = {}
    for line in output("ldd", str(binary)).splitlines():
        words = line.split()
        if "=>" in words:
            found[words[0]] = os.path.realpath(words[2])
        elif words[0].startswith("/"):
            found[os.path.basename(words[0])] = os.path.realpath(words[0])
    return found


def needed(path):
    """The names of the libraries that a file itself asks for."""
    return re.findall(r"\(NEEDED\).*\[(.+)\]", output("readelf", "--dynamic", "--wide", str(path)))


def package(path):
    """The Debian package that a file belongs to. One that belongs to none has no known licence or version."""
    for candidate in (str(path), str(path).removeprefix("/usr")):
        found = subprocess.run(["dpkg-query", "-S", candidate], text=True, capture_output=True)
        if found.returncode == 0:
            return found.stdout.split(":")[0].split(",")[0]
    raise SystemExit(f"{path} belongs to no package")


def field(package_name, name):
    """A field of an installed package: `${Version}`, `${Architecture}`."""
    return output("dpkg-query", "--show", f"--showformat=${{{name}}}", package_name)
