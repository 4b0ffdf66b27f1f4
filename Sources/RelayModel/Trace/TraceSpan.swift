/// One piece of work in a trace, over and done, under the names of OpenTelemetry's conventions. It never
/// holds a secret, a signature, a body, or the path of a URL, which may be a secret itself.
package struct TraceSpan: Sendable, Equatable {
  /// The numbers are OTLP's.
  package enum Kind: Int, Sendable {
    case `internal` = 1
    case server = 2
    case client = 3
    case consumer = 5
  }

  package enum Value: Sendable, Equatable {
    case text(String)
    case number(Int)
  }

  package struct Attribute: Sendable, Equatable {
    package var name: String
    package var value: Value
  }

  package var context: TraceContext
  /// The span that caused it; nil at the root of a trace.
  package var parent: UInt64?
  package var name: String
  package var kind: Kind
  /// On the wall clock.
  package var began: Timestamp
  package var took: Duration
  package var attributes: [Attribute] = []
  /// What went wrong; nil where nothing did.
  package var error: String?
  /// What it came of without being a part of it: the event of a replay.
  package var link: TraceContext?

  package init(
    _ context: TraceContext, parent: UInt64?, _ name: String, _ kind: Kind, began: Timestamp, took: Duration
  ) {
    self.context = context
    self.parent = parent
    self.name = name
    self.kind = kind
    self.began = began
    self.took = took
  }

  package mutating func add(_ name: String, _ text: String?) {
    if let text { attributes.append(Attribute(name: name, value: .text(text))) }
  }

  package mutating func add(_ name: String, _ number: Int?) {
    if let number { attributes.append(Attribute(name: name, value: .number(number))) }
  }
}

/// What takes spans: the exporter, or a test.
package protocol SpanSink: Sendable {
  /// Any thread; never blocks. What there is no room for is dropped and counted.
  func keep(_ span: TraceSpan)
}
