import RelayModel
import Synchronization
import Testing

@testable import RelayAdmin
@testable import RelayHTTP
@testable import RelayStore

@Suite struct MetricsTests {
  @Test func `families are written in the text format`() {
    let families = [
      MetricFamily(
        "petrel_a_total", .counter, "Things\nof a\\b.",
        [
          .init([.init("source", "a\"b\\c\nd")], .number(3)), .init([], .number(0.25)),
          .init([], .number(.infinity)),
        ]),
      MetricFamily("petrel_empty", .gauge, "Nothing.", []),
      MetricFamily(
        "petrel_h_seconds", .histogram, "Spans.",
        [.init([.init("x", "y")], .histogram(bounds: [0.1, 1], counts: [2, 1, 4], sum: 9.5))]),
    ]
    #expect(
      families.prometheusText == """
        # HELP petrel_a_total Things\\nof a\\\\b.
        # TYPE petrel_a_total counter
        petrel_a_total{source="a\\"b\\\\c\\nd"} 3
        petrel_a_total 0.25
        petrel_a_total +Inf
        # HELP petrel_h_seconds Spans.
        # TYPE petrel_h_seconds histogram
        petrel_h_seconds_bucket{x="y",le="0.1"} 2
        petrel_h_seconds_bucket{x="y",le="1"} 3
        petrel_h_seconds_bucket{x="y",le="+Inf"} 7
        petrel_h_seconds_sum{x="y"} 9.5
        petrel_h_seconds_count{x="y"} 7

        """)
  }

  @Test func `the interface serves the store's counts and the relay's own`() throws {
    let relay = try TestRelay()
    try relay.fail(try relay.accept().executions[0])
    relay.control.state.withLock {
      $0.upstream = .init(url: "https://c", edge: "e", pending: 2, lag: .milliseconds(1500))
    }
    let response = relay.ask("GET", "/metrics")
    #expect(response.field("Content-Type") == "text/plain; version=0.0.4")
    for line in [
      "petrel_requests_received_total{source=\"github\",outcome=\"accepted\"} 1",
      "petrel_executions_total{workflow=\"alert\",outcome=\"failed\"} 1", "petrel_dead_letters 1",
      "petrel_queue_depth{status=\"queued\"} 0", "petrel_store_limit_bytes 67108864", "petrel_ready 1",
      "petrel_central_lag_seconds 1.5", "petrel_retries_total 3", "petrel_build_info{version=\"1.2.3\"} 1",
      "petrel_config_generation 4", "petrel_queue_oldest_age_seconds 0",
    ] {
      #expect(response.text.contains("\(line)\n"), "\(line)")
    }
    #expect(!response.text.contains("petrel_last_backup"), "there is none")
  }

  @Test func `what is due and nobody takes up is seen to grow old`() throws {
    let relay = try TestRelay()
    let execution = try relay.accept().executions[0]
    let wait = Advance.Wait(
      position: .start, until: relay.clock.now() - .seconds(90), reason: "trying again", attempt: 1,
      firstAttemptAt: nil)
    let advance = Advance(
      execution: execution, revision: 0, journal: [], next: .wait(wait), at: relay.clock.now())
    #expect(try relay.store.perform(advance) == .recorded)
    #expect(relay.ask("GET", "/metrics").text.contains("petrel_queue_oldest_age_seconds 90\n"))
  }

  @Test func `the last backup has its time`() throws {
    let relay = try TestRelay()
    try relay.store.perform(NoteBackup(at: Timestamp(milliseconds: 1_790_000_000_500)))
    #expect(
      relay.ask("GET", "/metrics").text.contains("petrel_last_backup_timestamp_seconds 1790000000.5\n"))
  }
}
