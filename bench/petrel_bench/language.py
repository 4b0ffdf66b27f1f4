"""What the workflow language costs: beside a step without it, an expression, and loops of ten thousand turns."""
import datetime, http.client, json, re, statistics, subprocess, time

from petrel_bench.accepting import median, ratio_text
from petrel_bench.contestants import until
from petrel_bench.delivering import delivered

CONDITION = "event.type == 'push' && event.body.ref == 'refs/heads/main'"
TURNS = 10_000


def language(bench):
    one_step(bench)
    expression(bench)
    to_nobody = lambda to: {"id": "keep", "set": {"n": "{{ item }}"}}
    to_sink = lambda to: {"id": "send", "http": {"method": "POST", "url": to, "json": {"n": "{{ item }}"}}}
    loop(bench, "set", to_nobody, 1, "target 2 s")
    loop(bench, "set, concurrency 10", to_nobody, 10)
    loop(bench, "http, concurrency 10", to_sink, 10)


def http_step(to, values, **more):
    return [{"id": "send", "http": {"method": "POST", "url": to, "json": values}, **more}]


def one_step(bench):
    """The same request for the same events: written out, and made of the event by a condition and templates."""
    plain = {"repository": "baxterthehacker/public-repo", "by": "baxterthehacker", "text": "7 on refs/heads/main"}
    rich = {"repository": "{{ event.body.repository.full_name }}", "by": "{{ event.body.pusher.name }}",
            "text": "{{ event.body.commits.size() }} on {{ event.body.ref }}"}
    own, bare = [], []
    for _ in range(bench.options.rounds):
        own.append(delivered(bench, lambda to: bench.petrel(http_step(to, rich, **{"if": CONDITION}))))
        bare.append(delivered(bench, lambda to: bench.petrel(http_step(to, plain))))
    print(f"a step with a condition and templates beside one written out, CPU: "
          f"{ratio_text([a['cpu_us'] / b['cpu_us'] for a, b in zip(own, bare)])}  target 1.15"
          f"  cpu us/event {median(own, 'cpu_us'):.1f} / {median(bare, 'cpu_us'):.1f}", flush=True)


def expression(bench):
    """`petrel eval` parses the body once and evaluates often."""
    body = {"action": "opened", "labels": [{"id": n, "name": name} for n, name in enumerate(("ui", "bug", "wontfix"))]}
    body["text"] = "x" * (8192 - len(json.dumps(body)))
    with open(f"{bench.dir}/scope.json", "w") as f:
        json.dump({"event": {"type": "issues", "body": body}}, f)
    words = [bench.program, "eval", "event.body.action == 'opened' && 'bug' in event.body.labels.map(l, l.name)",
             "--input", f"{bench.dir}/scope.json", "--repeat", "200000"]
    times = []
    for _ in range(max(bench.options.rounds, 3)):
        told = subprocess.run(words, check=True, capture_output=True, text=True).stderr
        times.append(int(re.match(r"(\d+) ns each", told).group(1)) / 1000)
    print(f"an expression over a body of 8 KiB: {statistics.median(times):.2f} us"
          f" ({min(times):.2f}-{max(times):.2f})  target 10", flush=True)


def loop(bench, name, step, concurrency, target=""):
    """One event, one `forEach`: from the execution's start to its end, as it is on record, and what it left on disk."""
    sink, rows = bench.sink(), []
    try:
        for _ in range(bench.options.rounds):
            rows.append(one_loop(bench, step(sink.url), concurrency))
    finally:
        sink.stop()
    took, size = ([row[key] for row in rows] for key in ("seconds", "bytes"))
    print(f"forEach of {TURNS} {name}: {statistics.median(took):.2f} s ({min(took):.2f}-{max(took):.2f})"
          f"  {target}  cpu us/step {median(rows, 'cpu_us'):.0f}"
          f"  store bytes/step {statistics.median(size):.0f}", flush=True)


def one_loop(bench, step, concurrency):
    each = {"in": f"lists.range({TURNS})", "steps": [step]}
    if concurrency > 1:
        each["concurrency"] = concurrency
    process = bench.petrel([{"id": "each", "forEach": each}])
    try:
        used, cpu = process.metric("petrel_store_used_bytes"), process.cpu
        post(process, bench)
        ended = lambda: latest(process)["status"] in ("succeeded", "failed")
        if not until(ended, every=0.1) or latest(process)["status"] == "failed":
            raise SystemExit(f"the loop did not end well: {latest(process)}")
        execution = latest(process)
        begin, end = (datetime.datetime.fromisoformat(execution[key].replace("Z", "+00:00"))
                      for key in ("started_at", "finished_at"))
        time.sleep(0.2)
        return {"seconds": (end - begin).total_seconds(), "cpu_us": (process.cpu - cpu) * 1e6 / TURNS,
                "bytes": (process.metric("petrel_store_used_bytes") - used) / TURNS}
    finally:
        process.stop()


def latest(process):
    return json.loads(process.ask("/api/executions?limit=1")[1])["items"][0]


def post(process, bench):
    connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=30)
    connection.request("POST", "/hooks/github", bench.body, {
        "Content-Type": "application/json", "X-GitHub-Event": "push", "X-GitHub-Delivery": f"{time.time_ns():x}",
        "X-Hub-Signature-256": f"sha256={bench.signature}"})
    if connection.getresponse().status != 202:
        raise SystemExit("the event of a loop was not accepted")
    connection.close()
