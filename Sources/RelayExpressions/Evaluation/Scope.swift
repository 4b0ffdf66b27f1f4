/// The names that an expression may use.
package protocol Scope {
  /// The value under `name`; nil when there is no such name.
  func variable(_ name: String) -> Value?
  /// Every name, for suggestions.
  var variableNames: [String] { get }
  /// Whether a name may hold dots: then `a.b.c` is first looked for as a whole.
  var hasQualifiedNames: Bool { get }
}

extension Scope {
  package var hasQualifiedNames: Bool { false }
}

/// A scope of fixed names.
package struct Bindings: Scope, Sendable {
  package var values: [String: Value]

  package init(_ values: [String: Value] = [:]) { self.values = values }

  package func variable(_ name: String) -> Value? { values[name] }
  package var variableNames: [String] { values.keys.sorted() }
  package var hasQualifiedNames: Bool { values.keys.contains { $0.utf8.contains(UInt8(ascii: ".")) } }
}
