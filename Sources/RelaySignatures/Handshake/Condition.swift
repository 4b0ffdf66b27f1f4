internal import RelayDocuments

/// What must be true of a request for it to be a certain challenge.
struct Condition: Sendable {
  enum Demand: Sendable, Hashable {
    /// Not there at all.
    case absent
    /// There, and not empty.
    case present
    case equals([UInt8])
    /// Begins so, compared without case.
    case begins([UInt8])
    /// Lower-case hexadecimal digits, so many.
    case hexDigits(ClosedRange<Int>)
  }

  let field: RequestField
  let demand: Demand

  func holds(in scope: TemplateScope) -> Bool {
    guard let value = value(in: scope) else { return demand == .absent }
    switch demand {
    case .absent: return false
    case .present: return !value.isEmpty
    case .equals(let wanted): return value == wanted
    case .begins(let wanted): return value[...].dropping(prefix: wanted) != nil
    case .hexDigits(let count):
      return count.contains(value.count)
        && value.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
  }

  /// A JSON value counts by its text here, so that an empty array can be told from a full one.
  private func value(in scope: TemplateScope) -> [UInt8]? {
    if case .json(let path) = field {
      let value = JSONScan.find(path, in: scope.request.body)
      return value?.scalarBytes ?? value?.serialized()
    }
    return field.value(in: scope)
  }
}
