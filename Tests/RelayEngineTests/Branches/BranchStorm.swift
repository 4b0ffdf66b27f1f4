import RelayEngine
import RelayHTTP
import RelayModel

@testable import RelayStore

/// One execution of a random nest of branches, loops and choices, through failures, deaths, cancels and
/// retries: the order of branches is free, and still each step runs, none after its end, and keys are stable.
final class BranchStorm {
  private var random: StormRandom
  private let bench: EngineBench
  private let plan: StormPlan
  private let sabotage: StormSabotage?
  private let key: RecordKey
  private var finished: Set<String> = []
  private var requests: [String: String] = [:]
  private var looked = 0
  /// Requests before this number are of a process that died.
  private var lifeBegan = 0
  private(set) var violations: [String] = []

  init(seed: UInt64, sabotage: StormSabotage? = nil) throws {
    random = StormRandom(seed)
    plan = StormPlan(&random)
    self.sabotage = sabotage
    bench = try EngineBench(executions: random.pick([1, 2, 5, 64]))
    key = try bench.accept(plan.document)
    try look()
    for _ in 0..<60 where violations.isEmpty { try turn() }
    try calm()
  }

  // MARK: What happens

  private func turn() throws {
    switch random.below(20) {
    case 0: try die(.crashBefore)
    case 1: try die(.crashAfter)
    case 2: bench.pass(.seconds(random.pick([1, 5, 4000])))
    case 3: _ = try bench.store.perform(Cancel(execution: key, now: bench.time.now()))
    case 4..<7: try retry()
    case 8: try salvage()
    case 7: try sabotage?.plant(bench, key)
    default: answer(random.pick([200, 200, 200, 200, 200, 404, 503]))
    }
    if random.below(3) > 0 { bench.settle() } else { bench.core.run() }
    try look()
  }

  private func die(_ fate: CommitFate) throws {
    bench.core.run()
    lifeBegan = bench.transport.sent.count
    try bench.crash(fate)
    try checkStore()
  }

  /// A salvage of a sound store loses nothing.
  private func salvage() throws {
    bench.settle()
    lifeBegan = bench.transport.sent.count
    violations += try bench.salvage().leftOut.map { "salvage: \($0.database): \($0.what)" }
    try checkStore()
  }

  private func answer(_ status: Int) {
    let open = bench.transport.open.filter { $0.token.number >= UInt64(lifeBegan) }
    guard !open.isEmpty else { return }
    bench.transport.answer(status, number: Int(open[random.below(open.count)].token.number))
  }

  private func retry() throws {
    _ = try bench.store.perform(RetryExecution(execution: key, now: bench.time.now()))
  }

  /// All is well from now on: the execution comes to its end.
  private func calm() throws {
    for _ in 0..<600 where violations.isEmpty {
      bench.settle()
      try look()
      let status = try bench.execution(key).status
      if status == .succeeded { break }
      if status.isFinal { try retry() }
      answer(200)
      bench.pass(.seconds(1800))
    }
    guard violations.isEmpty else { return }
    let status = try bench.execution(key).status
    if status != .succeeded { violations.append("it never ends, and is \(status)") }
    let missing = plan.keys.subtracting(finished)
    if !missing.isEmpty { violations.append("never done: \(missing.sorted())") }
    let more = finished.subtracting(plan.keys)
    if !more.isEmpty { violations.append("done, and nobody asked for it: \(more.sorted())") }
    let free = bench.store.permits.available
    if free != bench.configuration.executions { violations.append("\(free) permits are free at the end") }
    try checkStore()
  }

  // MARK: What must hold

  private func look() throws {
    for sent in bench.transport.sent[looked...] {
      let path = sent.header("Idempotency-Key").map { String($0.dropFirst(bench.id(key).count + 1)) } ?? ""
      if finished.contains(path) { violations.append("\(path) is sent after its end") }
      let text = "\(sent.request.url) \(sent.body)"
      if requests.updateValue(text, forKey: path).map({ $0 != text }) ?? false {
        violations.append("\(path) is another request now")
      }
    }
    looked = bench.transport.sent.count
    let done = try bench.journal(key).filter { $0.status == .succeeded && $0.last != nil }.map(\.name)
    let lost = finished.subtracting(done)
    if !lost.isEmpty { violations.append("the end of \(lost.sorted()) is lost") }
    finished.formUnion(done)
  }

  private func checkStore() throws {
    let report = try bench.store.read { (snapshot) throws(StoreError) in try Checker.check(snapshot) }
    violations += report.findings.map { "\($0.database): \($0.what)" }
  }
}

/// Faults in the store that the storm has to find.
enum StormSabotage: CaseIterable, Sendable {
  case losesStrand
  case forgetsBranch
  case wakesEarly
  case beginsTurnAgain

  func plant(_ bench: EngineBench, _ key: RecordKey) throws {
    try bench.store.perform(PlantFault(fault: self, root: key))
  }
}

private struct PlantFault: Transition {
  let fault: StormSabotage
  let root: RecordKey

  func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    guard let strand = try transaction.snapshot.strands(KeyBytes(root)).first,
      let record = try transaction.snapshot.execution(strand), let place = record.strand,
      var fork = try transaction.snapshot.fork(of: root, at: place.block),
      var owner = try transaction.snapshot.execution(fork.owner)
    else { return }
    switch fault {
    case .losesStrand: try transaction.deleteStrand(strand, record)
    case .forgetsBranch:
      let done = try transaction.snapshot.journal(of: root).first {
        $0.last != nil && $0.status == .succeeded
      }
      if let done { try transaction.delete(.journal, KeyBytes(root, done.path)) }
    case .wakesEarly:
      guard owner.due == .distantFuture else { return }
      try transaction.wake(fork.owner, &owner, now: .epoch)
    case .beginsTurnAgain:
      guard fork.next > 1 else { return }
      fork.next -= 1
      try transaction.put(.forks, KeyBytes(root, place.block), fork)
    }
  }
}
