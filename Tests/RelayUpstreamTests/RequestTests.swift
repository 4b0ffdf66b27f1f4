import RelayDocuments
import RelayHTTP
import RelayModel
import RelayStore
import Testing

@testable import RelayUpstream

@Suite struct RequestTests {
  @Test func `a batch is posted under the edge's name, with its numbers, the epoch and the token`() throws {
    let bench = try UpstreamBench()
    try bench.end()
    try bench.end()
    bench.settle()
    let request = try #require(bench.central.requests.first)
    #expect(request.method == "POST")
    #expect(request.url == "https://central.example.com/v1/edges/shop-1/executions")
    #expect(request.hostIsLiteral)
    #expect(request.follow == 0)
    let fields = Dictionary(uniqueKeysWithValues: request.headers.all.map { ($0.name, $0.value) })
    #expect(
      fields == [
        "Content-Type": "application/cloudevents-batch+json", "Content-Encoding": "gzip",
        "Authorization": "Bearer a-token", "Petrel-Epoch": bench.store.epoch, "Petrel-First-Seq": "1",
        "Petrel-Last-Seq": "2",
      ])
    #expect(!bench.store.epoch.isEmpty)
  }

  @Test func `an end is a CloudEvent with every agreed member`() throws {
    let bench = try UpstreamBench()
    let version = try bench.store.perform(
      RegisterVersion(name: "flow", document: Array("{}".utf8), hash: [0xab, 0xcd], vars: Array("{}".utf8)))
    let id = try bench.end(version: version)
    bench.settle()
    let event = try #require(bench.central.events.first)
    let execution = String(id.dropLast(2))
    let time = (bench.clock.now()).rfc3339
    #expect(id.hasPrefix("exe_"))
    #expect(event["specversion"] == "1.0")
    #expect(event["type"] == "io.petrel.execution.finished.v1")
    #expect(event["source"] == "/edges/shop-1")
    #expect(event["id"] == .string(id))
    #expect(event["subject"] == .string(execution))
    #expect(event["time"] == .string(time))
    #expect(
      event["data"]?.memberNames == [
        "seq", "workflow", "version", "hook", "event_type", "status", "started_at", "finished_at",
        "duration_ms", "attempts", "steps", "error_code",
      ])
    #expect(event["data"]?["version"] == "abcd")
    #expect(event["data"]?["status"] == "succeeded")
    #expect(event["data"]?["duration_ms"] == 40)
    #expect(event["data"]?["finished_at"] == .string(time))
    #expect(event["data"]?["steps"] == [])
    #expect(event["data"]?["error_code"] == .null)
  }

  @Test func `a failure tells its steps and its code, and no text of the error, of headers or of the body`()
    throws
  {
    let bench = try UpstreamBench()
    try bench.end(.failed, body: #"{"card":"4111"}"#)
    bench.settle()
    let event = try #require(bench.central.events.first)
    #expect(event["data"]?["status"] == "failed")
    #expect(event["data"]?["error_code"] == "http_status")
    let step: JSON = ["id": "send", "status": "failed", "attempts": 3, "duration_ms": 30, "http_status": 500]
    #expect(event["data"]?["steps"] == [step])
    let text = String(decoding: event.serialized(), as: UTF8.self)
    for secret in ["4111", "a text", "hidden", "secret=1"] { #expect(!text.contains(secret)) }
  }

  @Test(arguments: [
    (StoreConfiguration.Payloads.none, [], []), (.failed, ["failed"], ["failed"]),
    (.all, ["succeeded", "failed"], ["failed"]),
  ])
  func `payloads and error texts go where the configuration says`(
    payloads: StoreConfiguration.Payloads, withBody: [String], withText: [String]
  ) throws {
    let bench = try UpstreamBench(payloads: payloads)
    try bench.end(body: #"{"card":"4111"}"#)
    try bench.end(.failed, body: #"{"card":"4111"}"#)
    bench.settle()
    let told = { (member: String) in
      bench.central.events.filter { $0["data"]?[member] != nil }.compactMap { $0["data"]?["status"]?.string }
    }
    #expect(told("payload") == withBody)
    #expect(told("error") == withText)
    #expect(bench.central.events.map { $0["data"]?["steps"] == [] } == [payloads != .all, false])
  }

  @Test func `a body that is no text travels in base64, and a large one stays`() throws {
    let bench = try UpstreamBench(payloads: .all)
    try bench.end(body: String(repeating: "x", count: StoreLimits.summaryPayload + 1))
    try bench.end(body: "short")
    bench.settle()
    #expect(bench.central.events.map { $0["data"]?["payload"] } == [nil, "short"])
  }

  @Test func `an execution that ends again has another id and the next number`() throws {
    let bench = try UpstreamBench()
    let id = try bench.end(.failed)
    let text = String(id.dropLast(2))
    let key = try #require(bench.store.tag.key(.execution, text))
    _ = try bench.store.perform(
      RetryExecution(execution: key, fromStart: false, version: .original, now: bench.clock.now()))
    _ = try bench.store.perform(Claim(now: bench.clock.now(), limit: 1))
    try bench.end(key, .succeeded)
    bench.settle()
    #expect(bench.central.ends == ["\(text):1", "\(text):2"])
    #expect(bench.central.events.map(\.seq) == [1, 2])
  }
}
