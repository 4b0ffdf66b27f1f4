"""Durable accepts: beside `limit_ingest`, and at the numbers of connections where loops are known to stall."""
import statistics


def median(rows, key):
    return statistics.median(row[key] for row in rows)


def ratio_text(ratios):
    return f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"


def once(bench, start, connections):
    process = start()
    try:
        return bench.accepts(process, connections)
    finally:
        process.stop()


def ingest(bench):
    theirs = lambda: bench.yardstick("limit_ingest", "--mode", "ext", "--threads", "2", "--prealloc", "512", "--index")
    for connections, target in ((8, 0.8), (64, 0.8), (256, 0.7), (1000, 0.7)):
        own, other = [], []
        for _ in range(bench.options.rounds):
            own.append(once(bench, bench.petrel, connections))
            other.append(once(bench, theirs, connections))
        print(f"durable accepts, {connections} connections: "
              f"{ratio_text([a['rps'] / b['rps'] for a, b in zip(own, other)])}  target {target}"
              + "".join(f"  {label} {median(own, key):.{digits}f} / {median(other, key):.{digits}f}"
                        for label, key, digits in (("rps", "rps", 0), ("cpu us", "cpu_us", 1),
                                                   ("p50 us", "p50us", 0), ("p99 us", "p99us", 0))), flush=True)


def stalls(bench):
    """A stall shows as a rate far below the neighbours', and as a p99 far above: at 128 connections, a loop
    that libmicrohttpd waits in by itself answers 62 requests a second, and at 127 and 129 a hundred thousand."""
    sizes = (96, 127, 128, 129, 256, 512)
    rows = {size: [] for size in sizes}
    for _ in range(bench.options.rounds):
        for size in sizes:
            rows[size].append(once(bench, bench.petrel, size))
    usual = statistics.median(median(rows[size], "rps") for size in sizes)
    for size in sizes:
        rate = median(rows[size], "rps")
        print(f"no stall at {size} connections: rps {rate:.0f} ({rate / usual:.2f} of the median of all)"
              f"  p50 us {median(rows[size], 'p50us'):.0f}  p99 us {median(rows[size], 'p99us'):.0f}"
              f"  longest ms {max(row['maxus'] for row in rows[size]) / 1000:.0f}"
              f"  errors {sum(row['errors'] for row in rows[size]):.0f}", flush=True)
