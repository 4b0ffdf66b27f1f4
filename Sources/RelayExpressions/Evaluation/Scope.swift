/// The names that an expression may use.
package protocol Scope {
  /// The value under `name`; nil when there is no such name.
  func variable(_ name: String) -> Value?
  /// Every name, for suggestions.
  var variableNames: [String] { get }
}

/// A scope of fixed names.
package struct Bindings: Scope, Sendable {
  package var values: [String: Value]

  package init(_ values: [String: Value] = [:]) { self.values = values }

  package func variable(_ name: String) -> Value? { values[name] }
  package var variableNames: [String] { values.keys.sorted() }
}
