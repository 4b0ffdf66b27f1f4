package import RelayDocuments

/// A parameter of a transform: what may be given, and what holds where nothing is.
package struct TransformParameter: Sendable {
  package let name: String
  package let kind: TransformParameterKind
  /// What holds where no argument is given.
  package let absence: Absence
  /// Takes every argument that is left; only the last parameter may.
  package let isVariadic: Bool

  package enum Absence: Sendable {
    case refused
    case fallback(JSON)
    /// The function sees that there is none.
    case allowed
  }

  /// A parameter that must be given.
  static func required(_ name: String, _ kind: TransformParameterKind) -> Self {
    Self(name: name, kind: kind, absence: .refused, isVariadic: false)
  }

  /// A parameter that may be left out.
  static func optional(_ name: String, _ kind: TransformParameterKind, _ fallback: JSON? = nil) -> Self {
    Self(name: name, kind: kind, absence: fallback.map(Absence.fallback) ?? .allowed, isVariadic: false)
  }

  /// The last parameter: at least one argument, and any more.
  static func many(_ name: String, _ kind: TransformParameterKind) -> Self {
    Self(name: name, kind: kind, absence: .refused, isVariadic: true)
  }

  /// As the documentation writes it: `limit?`, `suffix = "…"`, `name…`.
  package var signature: String {
    if isVariadic { return "\(name)…" }
    switch absence {
    case .refused: return name
    case .allowed: return "\(name)?"
    case .fallback(let value): return "\(name) = \(value.text)"
    }
  }
}

/// What an argument must be.
package enum TransformParameterKind: Sendable, Hashable {
  case any
  case text
  case nonEmptyText
  /// One grapheme cluster.
  case character
  case integer(ClosedRange<Int>)
  case number
  case bool
  case choice([String])
  case object
  /// `a.b[0]`.
  case path
  /// A regular expression in RE2's syntax.
  case pattern
  /// `UTC`, `+02:00` or a name of the zone database such as `Europe/Berlin`.
  case zone
  /// A pattern of LDML, or one of the names.
  case datePattern([String])
  /// `second` to `year`, also in the plural.
  case unit
  /// An ISO 4217 code.
  case currency
  /// A transform with its arguments, as in `transforms`.
  case transform
  /// A CEL condition over `value`.
  case condition
}

/// An argument that was checked, and read as far as its kind allows.
enum TransformArgument: Sendable {
  /// Nothing was given.
  case none
  case value(JSON)
  case path(JSONPath)
  case pattern(Pattern)
  case zone(Zone)
  case unit(DateUnit)
  case datePattern(DatePattern)
  case transform(TransformCall)
  case condition(Expression)
}
