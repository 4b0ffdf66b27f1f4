import RelayDocuments
import RelayHTTP
import RelayModel
import Synchronization

/// Central as the contract has it, in memory: it takes batches whose numbers follow on, and remembers ids. What
/// no honest edge does ends up in `complaints`.
final class CentralModel: Transport {
  /// What becomes of one request.
  enum Fate: Sendable {
    case serve
    /// Takes the batch; the answer is lost.
    case loseAnswer
    /// Never sees the request.
    case lose
    /// Answers this instead, and takes nothing.
    case answer(Int, fields: [(String, String)] = [], body: String = "")
    /// Takes the batch and claims to hold so much more.
    case boast(UInt64)
  }

  /// What central knows of one epoch.
  struct Ledger: Sendable {
    /// It misses nothing up to here.
    var held: UInt64 = 0
    var lost: [ClosedRange<UInt64>] = []
  }

  struct State: Sendable {
    var ledgers: [String: Ledger] = [:]
    /// Ids of ends in the order in which they came for the first time.
    var ends: [String] = []
    var known: Set<String> = []
    var events: [JSON] = []
    var counted = 0
    var requests: [OutgoingRequest] = []
    var complaints: [String] = []
    var waiting: [(result: Result<HTTPAnswer, TransferError>, completion: Completion)] = []
    /// More events than this are too large for one request.
    var capacity = Int.max
    var nextBatch = 500
    var minimumInterval = 0
    var rejects: [String: String] = [:]
    /// What is rejected is left out of `acked_seq`, as a careless central might.
    var isStrict = false
  }

  let state = Mutex(State())
  private let choose: @Sendable (Int) -> Fate

  /// - Parameter choose: decides on each request; the number is how many came before it.
  init(_ choose: @escaping @Sendable (Int) -> Fate = { _ in .serve }) { self.choose = choose }

  var ends: [String] { state.withLock { $0.ends } }
  var complaints: [String] { state.withLock { $0.complaints } }
  var requests: [OutgoingRequest] { state.withLock { $0.requests } }
  var events: [JSON] { state.withLock { $0.events } }

  func start(_ request: OutgoingRequest, completion: @escaping Completion) -> TransferToken {
    state.withLock { state in
      if !state.waiting.isEmpty { state.complaints.append("two batches in flight") }
      let fate = choose(state.requests.count)
      state.requests.append(request)
      state.waiting.append((state.serve(request, fate), completion))
      return TransferToken(number: UInt64(state.requests.count))
    }
  }

  func cancel(_ token: TransferToken) {}
  func afterEachBatch(_ hook: @escaping @Sendable () -> Void) {}

  /// Lets the answers arrive. False where none was on its way.
  func answer() -> Bool {
    let waiting = state.withLock { state in
      defer { state.waiting = [] }
      return state.waiting
    }
    for (result, completion) in waiting { completion(result) }
    return !waiting.isEmpty
  }

  /// The edge died: nobody waits for its answers.
  func hangUp() { state.withLock { $0.waiting = [] } }
}

extension CentralModel.State {
  typealias Answer = Result<HTTPAnswer, TransferError>

  mutating func serve(_ request: OutgoingRequest, _ fate: CentralModel.Fate) -> Answer {
    switch fate {
    case .serve: return take(request, boast: 0)
    case .boast(let more): return take(request, boast: more)
    case .lose: return .failure(.resolve(host: "central", message: "no such host"))
    case .loseAnswer:
      _ = take(request, boast: 0)
      return .failure(.resolve(host: "central", message: "the answer is lost"))
    case .answer(let status, let fields, let body): return answer(status, fields, body)
    }
  }

  private func answer(_ status: Int, _ fields: [(String, String)] = [], _ body: String) -> Answer {
    .success(HTTPAnswer(status: status, headers: HeaderFields(fields), body: Array(body.utf8), url: ""))
  }

  private mutating func take(_ request: OutgoingRequest, boast: UInt64) -> Answer {
    guard let batch = ReceivedBatch(request) else {
      complaints.append("a request that cannot be read")
      return answer(400, [], "")
    }
    guard batch.events.count <= capacity else { return answer(413, [], "") }
    var ledger = ledgers[batch.epoch] ?? CentralModel.Ledger()
    guard batch.first <= ledger.held + 1 else {
      return answer(409, [], #"{"wanted_seq":\#(ledger.held + 1)}"#)
    }
    if let gap = batch.gap { complaints.append("\(batch.first)-\(batch.last) lacks \(gap)") }
    let rejected = batch.events.compactMap { take($0, batch.epoch) }
    ledger.lost += batch.lost
    var held = batch.last
    if isStrict, let seq = batch.events.first(where: { rejects[$0["id"]?.string ?? ""] != nil })?.seq {
      held = seq - 1
    }
    ledger.held = max(ledger.held, held)
    ledgers[batch.epoch] = ledger
    return answer(
      200, [],
      """
      {"acked_seq":\(ledger.held + boast),"rejected":[\(rejected.joined(separator: ","))],\
      "next_batch":\(nextBatch),"min_interval_ms":\(minimumInterval)}
      """)
  }

  /// The rejection, where there is one.
  private mutating func take(_ event: JSON, _ epoch: String) -> String? {
    let id = event["id"]?.string ?? ""
    if let reason = rejects[id] { return #"{"id":"\#(id)","reason":"\#(reason)"}"# }
    guard known.insert(id).inserted else { return nil }
    events.append(event)
    if event["type"] == "io.petrel.rollup.v1" {
      counted += event["data"]?["count"]?.int ?? 0
    } else {
      ends.append(id)
    }
    return nil
  }
}

/// One request, read.
struct ReceivedBatch {
  let epoch: String
  let first: UInt64
  let last: UInt64
  let lost: [ClosedRange<UInt64>]
  let events: [JSON]

  init?(_ request: OutgoingRequest) {
    var fields: [String: String] = [:]
    for (name, value) in request.headers.all { fields[name] = value }
    guard let epoch = fields["Petrel-Epoch"], let first = fields["Petrel-First-Seq"].flatMap({ UInt64($0) }),
      let last = fields["Petrel-Last-Seq"].flatMap({ UInt64($0) }),
      case .array(let events)? = try? JSON.parse(gunzip(request.body))
    else { return nil }
    self.epoch = epoch
    self.first = first
    self.last = last
    self.events = events
    lost = (fields["Petrel-Lost"] ?? "").split(separator: ", ").compactMap { text in
      let ends = text.split(separator: "-").compactMap { UInt64($0) }
      return ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil
    }
  }

  /// The first number that neither an event nor a declared loss accounts for.
  var gap: UInt64? {
    var covered = lost
    for event in events {
      guard let data = event["data"] else { continue }
      if let seq = event.seq { covered.append(seq...seq) }
      if let first = data["first_seq"]?.int, let last = data["last_seq"]?.int {
        covered.append(UInt64(first)...UInt64(last))
      }
    }
    var next = first
    for range in covered.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.upperBound >= next {
      guard range.lowerBound <= next else { return next }
      next = range.upperBound + 1
    }
    return next > last ? nil : next
  }
}

extension JSON {
  var seq: UInt64? { self["data"]?["seq"]?.int.map(UInt64.init) }
  var memberNames: [String]? {
    if case .object(let object) = self { object.members.map(\.name) } else { nil }
  }
}
