import Glibc
import RelayCrypto
import RelayDocuments
import RelayModel
import RelayThreads
import Synchronization
import Testing

@testable import RelayAdmin
@testable import RelayHTTP
@testable import RelayStore

/// A clock that stands until a test moves it.
final class TestClock: TimeSource {
  private let instant = Mutex(Timestamp(seconds: 1_790_000_000))

  func now() -> Timestamp { instant.withLock { $0 } }
  func elapsed() -> Duration { now() - .epoch }
  func pass(_ span: Duration) { instant.withLock { $0 = $0 + span } }
}

/// A seed decides everything: SplitMix64.
final class TestRandom: RandomSource {
  private let state = Mutex<UInt64>(7)

  func bits() -> UInt64 {
    state.withLock { state in
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
      return z ^ z >> 31
    }
  }
}

/// An admin interface over a store of its own, asked as a server would ask it.
final class TestRelay {
  let clock = TestClock()
  let control = FakeControl()
  let store: Store
  let interface: AdminInterface
  private let folder: String

  init() throws {
    var template = Array("/tmp/petrel-admin-XXXXXX".utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) }.map { unsafe String(cString: $0) }
    }
    folder = try #require(made)
    store = try Store.open(
      StoreConfiguration(directory: folder, maxSize: .mebibytes(64), growth: ByteCount(0), durability: .none),
      time: clock, random: TestRandom())
    interface = try AdminInterface(store: store, control: control, time: clock, log: SilentLog())
  }

  deinit {
    interface.stop()
    store.drainAndClose()
    Self.remove(folder)
  }

  /// A path in the relay's own folder where nothing is yet.
  func fresh(_ name: String) -> String { "\(folder)/\(name)" }

  private static func remove(_ path: String) {
    guard let directory = unsafe opendir(path) else { return }
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name != ".", name != ".." else { continue }
      if unsafe unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
    }
    unsafe closedir(directory)
    unsafe rmdir(path)
  }

  /// The loopback listener that asks for tokens.
  static let tokens = AdminAccess(
    authentication: .token, hosts: HostList(listen: ["127.0.0.1"], extra: ["relay.example"]))
  static let open = AdminAccess(authentication: .none, hosts: HostList(listen: ["127.0.0.1"]))
  static let socket = AdminAccess(authentication: .peer(userID: 1000), hosts: HostList(listen: []))

  /// A request's answer, from its head to its body.
  func ask(
    _ method: String, _ target: String, _ body: JSON? = nil, headers: [(String, String)] = [],
    access: AdminAccess = TestRelay.open, client: String = "127.0.0.1", peer: UInt32? = nil
  ) -> HTTPResponse {
    var fields = [("Host", "127.0.0.1:8081")]
    if body != nil { fields.append(("Content-Type", "application/json")) }
    let given = headers.map { $0.0 }
    let all = HeaderFields(fields.filter { !given.contains($0.0) } + headers.filter { !$0.1.isEmpty })
    let bytes = body?.serialized() ?? []
    let head = RequestHead(
      method: method, target: target, headers: all, declaredLength: bytes.count, receivedAt: clock.now(),
      client: client, peerUserID: peer)
    let responder = interface.responder(access)
    switch responder.admit(head) {
    case .answer(let response): return response
    case .receive(let limit):
      guard bytes.count <= limit.bytes else { return HTTPResponse(status: 413) }
    }
    let answers = Inbox<HTTPResponse>()
    let request = IncomingRequest(
      method: method, target: target, headers: all, body: bytes, receivedAt: clock.now(), client: client)
    if let response = responder.respond(to: request, exchange: Exchange { answers.put($0) }) {
      return response
    }
    return answers.wait(atMost: .seconds(30)).first ?? HTTPResponse(status: 599)
  }

  /// A token of `role`, as `tokens create` makes one.
  func token(_ role: Role) throws -> String {
    let response = ask("POST", "/api/tokens", ["role": .string(role.rawValue)])
    return try #require(try response.json["token"]?.string)
  }

  /// An event with one execution of `alert`, which runs at once.
  @discardableResult
  func accept(
    hook: String = "github", body: String = "{\"a\":1.10}", headers: [(String, String)] = []
  ) throws -> EnqueueAnswer {
    let version = try store.perform(
      RegisterVersion(
        name: "alert", document: Array("{}".utf8), hash: [UInt8](repeating: 1, count: 32),
        vars: Array("{}".utf8)))
    let record = EventRecord(
      hook: hook, type: "issues", delivery: "d-1", method: "POST", target: "/hooks/\(hook)?x=1",
      headers: HeaderFields(headers), client: "192.0.2.1", receivedAt: clock.now())
    return try store.perform(
      Enqueue(
        event: NewEvent(record: record, body: Array(body.utf8)),
        executions: [NewExecution(workflow: "alert", version: version)], mark: nil, now: clock.now()))
  }

  /// Lets a running execution fail in its first step.
  func fail(_ execution: RecordKey) throws {
    let failure = Failure(step: "store", code: "http_status", message: "HTTP 503", status: 503, attempts: 1)
    let attempt = AttemptRecord(
      number: 1, at: clock.now(), durationMs: 12, request: Array("{\"method\":\"POST\"}".utf8),
      response: Array("{\"status\":503}".utf8), status: 503, error: failure)
    let entry = JournalEntry(
      path: .start, name: "store", status: .failed, startedAt: clock.now(), finishedAt: clock.now(),
      attempts: 1, last: attempt, failure: failure)
    _ = try store.perform(
      Advance(
        execution: execution, revision: 0, journal: [entry],
        next: .end(.failed, failure: failure, resumeAt: .start, summary: nil), at: clock.now()))
  }

  func id(_ kind: RecordKind, _ key: RecordKey) -> String { store.tag.id(kind, key) }
}

extension HTTPResponse {
  var json: JSON { get throws { try JSON.parse(body) } }

  /// A problem's stable code.
  var code: String? { get throws { try json["code"]?.string } }

  var text: String { String(decoding: body, as: UTF8.self) }

  func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}
