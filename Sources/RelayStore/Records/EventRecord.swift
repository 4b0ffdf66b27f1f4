package import RelayModel

/// What is kept of an accepted request beside its body. Written once, never changed.
package struct EventRecord: Sendable, Hashable {
  package var hook: String
  /// The event's type as the provider names it, where it names one.
  package var type: String?
  /// The provider's own id of the delivery, where it has one.
  package var delivery: String?
  package var method: String
  /// The request target as sent.
  package var target: String
  package var headers: HeaderFields
  package var client: String
  package var receivedAt: Timestamp
  /// In bytes. Set by the store.
  package var bodySize: Int
  /// How many executions were made with the event; they have the keys right after its own. Set by
  /// the store.
  package var executionCount: Int
  /// What people should know of the acceptance: for example an `on.if` that failed.
  package var notes: [String]
  /// How the event came about: `.live` for a request, `.manual` for one that an operator made.
  package var origin: ExecutionOrigin

  package init(
    hook: String, type: String? = nil, delivery: String? = nil, method: String, target: String,
    headers: HeaderFields, client: String, receivedAt: Timestamp, notes: [String] = [],
    origin: ExecutionOrigin = .live
  ) {
    self.hook = hook
    self.type = type
    self.delivery = delivery
    self.method = method
    self.target = target
    self.headers = headers
    self.client = client
    self.receivedAt = receivedAt
    self.bodySize = 0
    self.executionCount = 0
    self.notes = notes
    self.origin = origin
  }
}

/// Why an event or an execution exists.
package enum ExecutionOrigin: UInt8, Sendable, CaseIterable {
  /// A request that came in.
  case live = 0
  /// `events replay`.
  case replay = 1
  /// `executions retry --from-start`.
  case retry = 2
  /// An operator's own event.
  case manual = 3
}

/// An event to be accepted.
package struct NewEvent: Sendable {
  package var record: EventRecord
  package var body: [UInt8]

  package init(record: EventRecord, body: [UInt8]) {
    self.record = record
    self.body = body
  }
}

/// An accepted event, whole. Shared by its executions, so that a body is in memory once.
package final class StoredEvent: Sendable {
  package let key: RecordKey
  package let record: EventRecord
  package let body: [UInt8]

  package init(key: RecordKey, record: EventRecord, body: [UInt8]) {
    self.key = key
    self.record = record
    self.body = body
  }

  /// The keys of the executions that were made with the event (replays have others).
  package var executionKeys: [RecordKey] { record.executionKeys(of: key) }
}

extension EventRecord {
  package func executionKeys(of event: RecordKey) -> [RecordKey] {
    (0..<executionCount).map { RecordKey(rawValue: event.rawValue + 1 + UInt64($0)) }
  }
}
