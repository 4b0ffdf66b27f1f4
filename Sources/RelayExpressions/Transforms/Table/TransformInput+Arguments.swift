internal import RelayDocuments

/// The value and the arguments of a call by their kinds. What the parameter's kind promises was checked when the
/// call was made; to ask for another kind is a mistake in the table of transforms.
extension TransformInput {
  /// The value where it is a string.
  func text() throws(TransformError) -> String {
    guard let text = value?.string else { throw wants("a string") }
    return text
  }

  func list() throws(TransformError) -> [JSON] {
    guard let list = value?.array else { throw wants("a list") }
    return list
  }

  func object() throws(TransformError) -> JSONObject {
    guard let object = value?.object else { throw wants("an object") }
    return object
  }

  func decimal() throws(TransformError) -> Decimal {
    guard case .number? = value else { throw wants("a number") }
    guard let value, let decimal = Decimal(value) else {
      throw TransformError("the number has more than 36 digits")
    }
    return decimal
  }

  /// The error for a value of another kind.
  func wants(_ kind: String) -> TransformError {
    TransformError("wants \(kind), not \(value?.kindName ?? "a missing value")")
  }

  /// Whether the argument was given, or stands for one that was not.
  func has(_ index: Int) -> Bool {
    guard index < arguments.count else { return false }
    if case .none = arguments[index] { return false }
    return true
  }

  func argument(_ index: Int) -> JSON? {
    guard index < arguments.count, case .value(let value) = arguments[index] else { return nil }
    return value
  }

  func text(_ index: Int) -> String { argument(index)?.string ?? "" }
  func int(_ index: Int) -> Int { argument(index)?.int ?? 0 }
  func bool(_ index: Int) -> Bool { argument(index)?.bool ?? false }
  func decimal(_ index: Int) -> Decimal? { argument(index).flatMap { Decimal($0) } }
  /// Every argument from a place on, as JSON.
  func rest(from index: Int) -> [JSON] { (index..<max(index, arguments.count)).compactMap(argument) }

  func path(_ index: Int) -> JSONPath? {
    guard index < arguments.count, case .path(let path) = arguments[index] else { return nil }
    return path
  }

  func pattern(_ index: Int) -> Pattern? {
    guard index < arguments.count, case .pattern(let pattern) = arguments[index] else { return nil }
    return pattern
  }

  func zone(_ index: Int) -> Zone? {
    guard index < arguments.count, case .zone(let zone) = arguments[index] else { return nil }
    return zone
  }

  func datePattern(_ index: Int) -> DatePattern? {
    guard index < arguments.count, case .datePattern(let pattern) = arguments[index] else { return nil }
    return pattern
  }

  func unit(_ index: Int) -> DateUnit {
    guard index < arguments.count, case .unit(let unit) = arguments[index] else { return .day }
    return unit
  }

  func condition(_ index: Int) -> Expression? {
    guard index < arguments.count, case .condition(let condition) = arguments[index] else { return nil }
    return condition
  }

  var calls: [TransformCall] {
    arguments.compactMap { if case .transform(let call) = $0 { call } else { nil } }
  }
}
