"""From the accept to the delivery: the sustained rate, and how long one event takes on an idle relay."""
import http.client, select, socket, statistics, time

from petrel_bench.accepting import median, ratio_text
from petrel_bench.contestants import http_step, until


def relay(bench):
    theirs = lambda to: bench.yardstick("limit_relay", "--to", to)
    ours = lambda to: bench.petrel(http_step(to))
    own, other = [], []
    for _ in range(bench.options.rounds):
        own.append(delivered(bench, ours))
        other.append(delivered(bench, theirs))
        for name, row in (("petrel", own[-1]), ("limit_relay", other[-1])):
            print(f"  {name:12} delivered/s {row['rate']:.0f}  accepted {row['accepted']:.0f}  backlog at the load's end"
                  f" {row['backlog']:.0f}  cpu us/event {row['cpu_us']:.1f}, of the sink {row['sink_us']:.1f}", flush=True)
    print(f"accept to delivery, sustained: {ratio_text([a['rate'] / b['rate'] for a, b in zip(own, other)])}  target 0.8"
          f"  delivered/s {median(own, 'rate'):.0f} / {median(other, 'rate'):.0f}"
          f"  cpu us {median(own, 'cpu_us'):.1f} / {median(other, 'cpu_us'):.1f}", flush=True)


def delivered(bench, start):
    """64 connections post as fast as they are answered; the clock stops when the sink has answered the last
    event, so what is left over at the end of the load counts."""
    sink = bench.sink()
    try:
        process = start(sink.url)
        try:
            begin, cpu, sink_cpu = time.time(), process.cpu, sink.cpu
            accepted = bench.load(process.url, 64)["requests"]
            backlog = accepted - sink.served()
            if not until(lambda: sink.served() >= accepted):
                print(f"  ! {accepted - sink.served():.0f} events were not delivered", flush=True)
            took, count = time.time() - begin, sink.served()
            # The marks of the last ends belong to the cost.
            time.sleep(0.5)
            return {"rate": count / took, "accepted": accepted, "backlog": max(backlog, 0),
                    "cpu_us": (process.cpu - cpu) * 1e6 / count, "sink_us": (sink.cpu - sink_cpu) * 1e6 / count}
        finally:
            process.stop()
    finally:
        sink.stop()


def latency(bench):
    """One event at a time on an idle relay, every 5 ms: from the first byte sent until a sink in this process
    has the whole request. The same for both."""
    own, other = [], []
    for _ in range(bench.options.rounds):
        for rows, start in ((own, lambda to: bench.petrel(http_step(to))),
                            (other, lambda to: bench.yardstick("limit_relay", "--to", to))):
            with Watch() as watch:
                process = start(watch.url)
                try:
                    rows.append(watch.times(process, bench))
                finally:
                    process.stop()
    ratios = [statistics.median(a) / statistics.median(b) for a, b in zip(own, other)]
    text = lambda rows, part: statistics.median(sorted(row)[int(len(row) * part)] for row in rows) / 1000
    print(f"accept to delivery, one event on an idle relay: {ratio_text(ratios)}  target at most 2"
          f"  p50 us {text(own, 0.5):.0f} / {text(other, 0.5):.0f}  p90 us {text(own, 0.9):.0f} / {text(other, 0.9):.0f}"
          f"  p99 us {text(own, 0.99):.0f} / {text(other, 0.99):.0f}", flush=True)


class Watch:
    """Sends an event and is the sink that waits for it, on one thread: one clock, and no hand-over between."""
    COUNT, PAUSE, WARM = 400, 0.005, 20

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        self.poll = select.poll()
        self.poll.register(self.listener, select.POLLIN)
        self.connections = {}
        return self

    def __exit__(self, *_):
        for held in (self.listener, *self.connections.values()):
            held.close()

    def times(self, process, bench):
        host, path = process.url.split("/", 3)[2:]
        sender = socket.create_connection(("127.0.0.1", process.port))
        sender.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answers = []
        for number in range(self.WARM + self.COUNT):
            head = (f"POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
                    f"X-GitHub-Event: push\r\nX-GitHub-Delivery: {time.time_ns():016x}-{number}\r\n"
                    f"X-Hub-Signature-256: sha256={bench.signature}\r\nContent-Length: {len(bench.body)}\r\n\r\n")
            begin = time.monotonic_ns()
            sender.sendall(head.encode() + bench.body)
            arrived = self.arrival(time.time() + 10)
            answer = sender.recv(65536)
            if not answer.startswith(b"HTTP/1.1 202"):
                raise SystemExit(f"the contestant answered {answer[:200]!r}")
            answers.append(arrived - begin)
            time.sleep(self.PAUSE)
        sender.close()
        return answers[self.WARM:]

    def arrival(self, deadline):
        """When the next request was complete; it is answered afterwards."""
        parts = {}
        while time.time() < deadline:
            for descriptor, _ in self.poll.poll(1000):
                if descriptor == self.listener.fileno():
                    connection = self.listener.accept()[0]
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.connections[connection.fileno()] = connection
                    self.poll.register(connection, select.POLLIN)
                    continue
                connection = self.connections[descriptor]
                data = connection.recv(65536)
                if not data:
                    self.poll.unregister(descriptor)
                    self.connections.pop(descriptor).close()
                    continue
                parts[descriptor] = parts.get(descriptor, b"") + data
                if is_whole(parts[descriptor]):
                    now = time.monotonic_ns()
                    connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
                    return now
        raise SystemExit("an event was not delivered within 10 s")


def is_whole(request):
    head, end, body = request.partition(b"\r\n\r\n")
    if not end:
        return False
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return len(body) >= int(line.split(b":")[1])
    return True
