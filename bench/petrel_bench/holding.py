"""What holding costs: an idle relay, a million executions that wait, and a store that grows to a million events."""
import os, signal, statistics, subprocess, time

from petrel_bench.accepting import ratio_text
from petrel_bench.contestants import http_step, until
from petrel_bench.machine import memory_mib


def idle(bench):
    process = bench.petrel()
    try:
        time.sleep(2)
        print(f"idle: resident {memory_mib(process.pid, 'VmRSS'):.1f} MiB (target 20),"
              f" anonymous {memory_mib(process.pid, 'RssAnon'):.1f} MiB", flush=True)
    finally:
        process.stop()
    stripped = f"{bench.dir}/stripped"
    subprocess.run(["strip", "-o", stripped, bench.program], check=True)
    print(f"binary: {os.path.getsize(bench.program) / 1e6:.1f} MB,"
          f" stripped {os.path.getsize(stripped) / 1e6:.1f} MB (target 24)", flush=True)


LONG_WAIT = [{"id": "sleep", "wait": "20d"}]


def waiting(bench):
    """Filled through the hook, as in life: each event is signed, synced and run up to its `wait` step."""
    process = bench.petrel(LONG_WAIT, "waiting")
    held = lambda: process.metric('petrel_queue_depth{status="waiting"}')
    begin, peak = time.time(), 0
    while (before := held()) < bench.options.held:
        bench.load(process.url, 64, 2)
        if held() <= before:
            raise SystemExit("executions do not come to wait")
        peak = max(peak, memory_mib(process.pid, "RssAnon"))
    until(lambda: process.metric('petrel_queue_depth{status="queued"}') == 0)
    print(f"waiting: {held():.0f} executions after {time.time() - begin:.0f} s; anonymous"
          f" {memory_mib(process.pid, 'RssAnon'):.1f} MiB, {peak:.1f} MiB under load (target 64)", flush=True)
    starts = []
    for _ in range(bench.options.rounds):
        process.stop(signal.SIGKILL)
        begin = time.time()
        process = bench.again(process)
        until(lambda: answers_ready(process), every=0.002)
        starts.append(time.time() - begin)
    print(f"waiting: ready {statistics.median(starts):.2f} s after kill -9 ({min(starts):.2f}-{max(starts):.2f}, target 1);"
          f" {held():.0f} wait; anonymous {memory_mib(process.pid, 'RssAnon'):.1f} MiB", flush=True)
    ratios, own, other = [], [], []
    for _ in range(bench.options.rounds):
        own.append(bench.accepts(process, 64))
        empty = bench.petrel(LONG_WAIT, "empty")
        other.append(bench.accepts(empty, 64))
        empty.stop()
        ratios.append(own[-1]["rps"] / other[-1]["rps"])
    process.stop()
    print(f"waiting: accepts beside an empty store {ratio_text(ratios)}  target 0.8"
          f"  rps {statistics.median(r['rps'] for r in own):.0f} / {statistics.median(r['rps'] for r in other):.0f}"
          f"  cpu us {statistics.median(r['cpu_us'] for r in own):.1f} / {statistics.median(r['cpu_us'] for r in other):.1f}",
          flush=True)


def answers_ready(process):
    try:
        return process.ask("/readyz")[0] == 200
    except OSError:
        return False


def flat(bench):
    """One relay stores on and on, each event delivered to a sink; the cost of each slice against how much is stored."""
    sink = bench.sink()
    process = bench.petrel(http_step(sink.url), "flat")
    rows = []
    try:
        while not rows or rows[-1]["stored"] < bench.options.held:
            seconds = 1 if not rows else bench.options.seconds
            before, cpu, begin = sink.served(), process.cpu, time.time()
            accepted = bench.load(process.url, 64, seconds)["requests"]
            until(lambda: sink.served() >= before + accepted)
            took = time.time() - begin
            time.sleep(0.5)
            rows.append({"stored": sink.served(), "rate": accepted / took,
                         "cpu_us": (process.cpu - cpu) * 1e6 / accepted})
            print(f"  stored {rows[-1]['stored']:8.0f}  delivered/s {rows[-1]['rate']:.0f}"
                  f"  cpu us/event {rows[-1]['cpu_us']:.1f}", flush=True)
    finally:
        process.stop()
        sink.stop()
    part = max(len(rows) // 4, 1)
    first, last = (statistics.median(r["cpu_us"] for r in some) for some in (rows[1:part + 1], rows[-part:]))
    print(f"flat: cpu us/event {first:.1f} in the first quarter, {last:.1f} in the last: ratio {last / first:.2f}"
          f"  (target 1)  at {rows[-1]['stored']:.0f} stored", flush=True)
