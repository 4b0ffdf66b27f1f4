"""Readings of a process and of the machine, from /proc."""
import os, socket, subprocess, sys, time

TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory_mib(pid, name):
    """`VmRSS` is what is resident, `RssAnon` what is the process's own and no file's."""
    with open(f"/proc/{pid}/status") as f:
        for line in f:
            if line.startswith(name + ":"):
                return int(line.split()[1]) / 1024
    return 0.0


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port, seconds=30):
    end = time.time() + seconds
    while time.time() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    sys.exit(f"nothing listens on port {port}")


def settle():
    """Preallocated zeros must have reached the disk before the clock starts."""
    time.sleep(1)
    os.sync()


class Variable:
    """A C program's counter, read from its memory while it runs: exact, and the program is not disturbed."""

    def __init__(self, pid, program, name):
        listing = subprocess.run(["nm", program], check=True, capture_output=True, text=True).stdout
        place = next(int(line.split()[0], 16) for line in listing.splitlines() if line.split()[-1] == name)
        with open(f"/proc/{pid}/maps") as f:
            base = next(int(line.split("-")[0], 16) for line in f if line.rstrip().endswith(program))
        self.memory, self.place = open(f"/proc/{pid}/mem", "rb", buffering=0), base + place

    def value(self):
        self.memory.seek(self.place)
        return int.from_bytes(self.memory.read(8), "little")
