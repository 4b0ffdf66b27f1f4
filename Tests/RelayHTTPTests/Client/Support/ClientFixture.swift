import RelayModel
import RelayThreads
import Synchronization
import Testing

@testable import RelayHTTP

/// The machine's clocks, moved ahead at will.
final class MovableTime: TimeSource {
  private let ahead = Mutex(Duration.zero)

  func now() -> Timestamp { MachineTime().now() + ahead.withLock { $0 } }
  func elapsed() -> Duration { MachineTime().elapsed() + ahead.withLock { $0 } }
  func move(by span: Duration) { ahead.withLock { $0 += span } }
}

/// Names as a test sets them; others do not exist. Counts the look-ups.
final class FixedNames: NameLookup {
  private let known: Mutex<[String: [IPAddress]]>
  private let asked = Mutex<[String]>([])

  init(_ names: [String: [String]]) {
    known = Mutex(names.mapValues { $0.compactMap { IPAddress($0) } })
  }

  var lookups: [String] { asked.withLock { $0 } }

  func set(_ name: String, _ addresses: [String]) {
    known.withLock { $0[name] = addresses.compactMap { IPAddress($0) } }
  }

  func addresses(of name: String) throws(LookupFailure) -> [IPAddress] {
    asked.withLock { $0.append(name) }
    guard let addresses = known.withLock({ $0[name] }) else { throw .unknown("no such name here") }
    return addresses
  }
}

/// Names whose look-up does not end before the test says so.
final class HeldNames: NameLookup {
  let begun = Latch()
  let release = Latch()

  func addresses(of name: String) throws(LookupFailure) -> [IPAddress] {
    begun.open()
    release.wait()
    return [.v4(0x7F00_0001)]
  }
}

func makeClient(
  _ policy: AddressPolicy = AddressPolicy(), names: any NameLookup = FixedNames([:]), proxy: String? = nil,
  time: any TimeSource = MachineTime(),
  change: (inout ClientConfiguration) -> Void = { _ in }
) throws -> HTTPClient {
  var configuration = ClientConfiguration(policy: policy, proxy: try proxy.map { try EgressProxy($0) })
  configuration.lookup = names
  change(&configuration)
  return try HTTPClient(configuration, time: time)
}

func get(_ url: String, timeout: Duration = .seconds(20)) -> OutgoingRequest {
  OutgoingRequest(method: "GET", url: url, timeout: timeout, hostIsLiteral: true)
}

func post(_ url: String, _ body: String = "{}", timeout: Duration = .seconds(20)) -> OutgoingRequest {
  OutgoingRequest(
    method: "POST", url: url, headers: HeaderFields([("Content-Type", "application/json")]),
    body: Array(body.utf8),
    timeout: timeout, hostIsLiteral: true)
}

extension HTTPClient {
  /// The code of the error that `request` ends with; nil when it is answered.
  func code(_ request: OutgoingRequest) -> String? {
    guard case .failure(let error) = perform(request) else { return nil }
    return error.code
  }

  func failure(_ request: OutgoingRequest) throws -> TransferError {
    guard case .failure(let error) = perform(request) else { throw Unexpected.answer }
    return error
  }
}

enum Unexpected: Error { case answer }

/// Collects results and lets a test wait for them.
final class Results: Sendable {
  private let results = Mutex<[Result<HTTPAnswer, TransferError>]>([])
  private let latch = Latch()

  var all: [Result<HTTPAnswer, TransferError>] { results.withLock { $0 } }

  func take(_ result: Result<HTTPAnswer, TransferError>) {
    results.withLock { $0.append(result) }
    latch.open()
  }

  /// Waits for one more result.
  func next() -> Result<HTTPAnswer, TransferError> {
    latch.wait()
    return results.withLock { $0[$0.count - 1] }
  }
}
