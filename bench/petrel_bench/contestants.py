"""Starts Petrel, the yardsticks and the load, each on fresh data below one folder."""
import http.client, json, os, shutil, signal, subprocess, sys, tempfile, time

from petrel_bench.machine import Variable, cpu_seconds, free_port, settle, wait_for

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PETREL = os.path.join(ROOT, ".build/release/petrel")


class Process:
    def __init__(self, words, port, log):
        self.log = open(log, "ab")
        self.program, self.port = words[0], port
        self.child = subprocess.Popen(words, stdout=self.log, stderr=self.log)
        wait_for(port)

    @property
    def pid(self):
        return self.child.pid

    @property
    def cpu(self):
        return cpu_seconds(self.pid)

    def stop(self, how=signal.SIGTERM):
        self.child.send_signal(how)
        try:
            self.child.wait(60)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self.log.close()


class Petrel(Process):
    """One relay with one hook, on ports of its own."""

    def __init__(self, home, steps, log, program):
        port, self.admin = free_port(), free_port()
        os.makedirs(f"{home}/workflows", exist_ok=True)
        with open(f"{home}/petrel.yaml", "w") as f:
            f.write(f"data: ./data\nlisten: 127.0.0.1:{port}\n"
                    f"admin: {{ listen: 127.0.0.1:{self.admin}, auth: none }}\nworkflows: ./workflows\n"
                    "hooks:\n  github:\n    verify: { provider: github,"
                    " secret: \"plain:correct horse battery staple\" }\n")
        if steps:
            with open(f"{home}/workflows/bench.json", "w") as f:
                json.dump({"name": "bench", "on": {"hook": "github"}, "steps": steps}, f)
        self.home, self.steps, self.text = home, steps, log
        self.url = f"http://127.0.0.1:{port}/hooks/github"
        super().__init__([program, "serve", "--config", f"{home}/petrel.yaml"], port, log)

    def ask(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.admin, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def metric(self, name):
        """The sum of all series of that name which fit."""
        lines = self.ask("/metrics")[1].splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


def http_step(destination):
    return [{"id": "send", "http": {"method": "POST", "url": destination, "body": "{{ event.raw }}"}}]


class Bench:
    """What the parts share: options, the built yardsticks, the signed body."""

    def __init__(self, options):
        self.options = options
        self.program = options.petrel or PETREL
        self.dir = tempfile.mkdtemp(prefix="petrel-bench-", dir=options.dir)
        self.build_yardsticks()

    def build_yardsticks(self):
        source = os.path.abspath(self.options.yardsticks)
        flags = {"limit_http": ["-lmicrohttpd", "-lpthread"],
                 "limit_ingest": ["-lmicrohttpd", "-llmdb", "-lcrypto", "-lpthread"],
                 "limit_relay": ["-lmicrohttpd", "-llmdb", "-lcurl", "-lcrypto", "-lpthread"]}
        for name, libraries in flags.items():
            subprocess.run(["cc", "-O2", "-w", "-o", f"{self.dir}/{name}", f"{source}/{name}.c", *libraries],
                           check=True)
        shutil.copy(f"{source}/post.lua", self.dir)
        out = subprocess.run([sys.executable, f"{source}/mkbody.py"], cwd=self.dir, check=True,
                             capture_output=True, text=True).stdout
        self.signature = dict(line.split("=", 1) for line in out.split())["SIG_1k"]
        with open(f"{self.dir}/body_1k.json", "rb") as f:
            self.body = f.read()

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)

    def fresh(self, name):
        path = f"{self.dir}/data-{name}"
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        return path

    def petrel(self, steps=None, name="petrel"):
        process = Petrel(self.fresh(name), steps, f"{self.dir}/{name}.log", self.program)
        settle()
        return process

    def again(self, stopped):
        """Starts a stopped relay on the data it left. It is not waited for beyond its port."""
        return Petrel(stopped.home, stopped.steps, stopped.text, self.program)

    def yardstick(self, name, *words):
        home, port = self.fresh(name), free_port()
        process = Process([f"{self.dir}/{name}", "--port", str(port), *words,
                           *(["--db", home] if name != "limit_http" else [])], port, f"{self.dir}/{name}.log")
        process.url = f"http://127.0.0.1:{port}/"
        settle()
        return process

    def sink(self):
        process = self.yardstick("limit_http", "--mode", "ext")
        process.served = Variable(process.pid, process.program, "served").value
        return process

    def load(self, url, connections, seconds=None):
        env = dict(os.environ, BODY=f"{self.dir}/body_1k.json", SECRET_SIG=self.signature, UNIQUE="1")
        out = subprocess.run(["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds or self.options.seconds}s",
                              "-s", f"{self.dir}/post.lua", url], env=env, capture_output=True, text=True).stdout
        for line in out.splitlines():
            if line.startswith("WRK "):
                result = {k: float(v) for k, v in (p.split("=") for p in line[4:].split())}
                if result["errors"] or result["non2xx"]:
                    print(f"  ! {result['errors']:.0f} errors, {result['non2xx']:.0f} answers that are no 2xx", flush=True)
                return result
        sys.exit("wrk printed no result:\n" + out)

    def accepts(self, process, connections, seconds=None):
        """One load, with the CPU time that it cost the contestant."""
        before = process.cpu
        result = self.load(process.url, connections, seconds)
        result["cpu_us"] = (process.cpu - before) * 1e6 / max(result["requests"], 1)
        return result


def until(condition, seconds=120, every=0.02):
    """Waits for a condition; false where it does not come true in time."""
    end = time.time() + seconds
    while time.time() < end:
        if condition():
            return True
        time.sleep(every)
    return False
