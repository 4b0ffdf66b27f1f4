package import RelayDocuments
internal import RelayModel

/// A transform with arguments that were checked: nothing but the value can be wrong any more.
package struct TransformCall: Sendable {
  package let transform: Transform
  let arguments: [TransformArgument]

  /// Checks constant arguments in the order of the parameters; nil stands for one that is not given.
  package init(_ transform: Transform, _ arguments: [JSON?] = []) throws(TransformError) {
    self.transform = transform
    var checked: [TransformArgument] = []
    for (index, parameter) in transform.parameters.enumerated() where !parameter.isVariadic {
      checked.append(try parameter.argument(index < arguments.count ? arguments[index] : nil))
    }
    let rest = arguments.dropFirst(checked.count)
    if let last = transform.parameters.last, last.isVariadic {
      if rest.isEmpty { throw TransformError("needs \(last.name)") }
      for argument in rest { checked.append(try last.argument(argument ?? .null)) }
    } else if !rest.isEmpty {
      throw TransformError("takes \(transform.arity), not \(arguments.count)")
    }
    self.arguments = checked
  }

  /// The transformed value; nil is a missing value, before and after.
  package func apply(
    to value: JSON?, _ surroundings: TransformSurroundings = .none
  ) throws(TransformError) -> JSON? {
    if !transform.seesMissing, value == nil || value == .null { return value }
    let input = TransformInput(value: value, arguments: arguments, surroundings: surroundings)
    let result: JSON?
    do {
      result = try transform.function(input)
    } catch {
      throw TransformError("\(transform.name): \(error.message)")
    }
    if let result, !result.isWithin(bytes: Transform.maxResultBytes) {
      throw TransformError("\(transform.name): the result is larger than 1 MiB")
    }
    return result
  }
}

extension Transform {
  /// How many arguments it takes, for messages.
  package var arity: String {
    let required = parameters.count { if case .refused = $0.absence { true } else { false } }
    if parameters.last?.isVariadic == true { return "\(required) or more arguments" }
    switch parameters.count {
    case 0: return "no argument"
    case required: return required == 1 ? "1 argument" : "\(required) arguments"
    default: return "\(required) to \(parameters.count) arguments"
    }
  }

  /// The parameter at a place; the last one where it is variadic.
  package func parameter(at index: Int) -> TransformParameter? {
    if index < parameters.count { return parameters[index] }
    return parameters.last.flatMap { $0.isVariadic ? $0 : nil }
  }
}

extension TransformParameter {
  /// Throws where the argument is of another kind.
  func check(_ value: JSON?) throws(TransformError) { _ = try argument(value) }

  /// Checks one argument.
  func argument(_ value: JSON?) throws(TransformError) -> TransformArgument {
    guard let value else {
      switch absence {
      case .refused: throw TransformError("needs \(name)")
      case .allowed: return .none
      case .fallback(let fallback): return try argument(fallback)
      }
    }
    do {
      return try kind.argument(value)
    } catch {
      throw TransformError("\(name) \(error.message)")
    }
  }
}

extension TransformParameterKind {
  fileprivate func argument(_ value: JSON) throws(TransformError) -> TransformArgument {
    switch self {
    case .any: return .value(value)
    case .path:
      guard let path = value.string.flatMap({ JSONPath($0) }) else { throw wants(value) }
      return .path(path)
    case .pattern:
      guard let text = value.string else { throw wants(value) }
      do throws(PatternError) {
        return .pattern(try Pattern(text))
      } catch {
        throw TransformError("is no regular expression: \(error.message)")
      }
    case .zone:
      guard let name = value.string else { throw wants(value) }
      return .zone(try Zone(named: name))
    case .unit:
      guard let name = value.string else { throw wants(value) }
      return .unit(try DateUnit(named: name))
    case .datePattern(let names):
      guard let text = value.string, !text.isEmpty else { throw wants(value) }
      return names.contains(text) ? .value(value) : .datePattern(try DatePattern(text))
    case .condition: return .condition(try Condition.expression(value))
    case .transform: return .transform(try TransformCall(json: value))
    case .choice(let names):
      guard let name = value.string, names.contains(name) else { throw notOne(of: names, value) }
    case .currency:
      guard let code = value.string, Currency.places(of: code) != nil else {
        throw TransformError("must be an ISO 4217 code such as EUR")
      }
    case .text, .nonEmptyText, .character, .integer, .number, .bool, .object:
      guard accepts(value) else { throw wants(value) }
    }
    return .value(value)
  }

  private func accepts(_ value: JSON) -> Bool {
    switch self {
    case .text: value.string != nil
    case .nonEmptyText: value.string?.isEmpty == false
    case .character: value.string?.count == 1
    case .integer(let range): value.int.map(range.contains) ?? false
    case .number: Decimal(value) != nil
    case .bool: value.bool != nil
    case .object: value.object != nil
    default: true
    }
  }

  private func wants(_ value: JSON) -> TransformError {
    let shown = value.string == "" ? "an empty string" : value.kindName
    return TransformError("must be \(description), not \(shown)")
  }

  private func notOne(of names: [String], _ value: JSON) -> TransformError {
    let hint =
      value.string.flatMap { nearest(to: $0, among: names) }.map { "; did you mean \"\($0)\"?" } ?? ""
    return TransformError("must be one of \(names.joined(separator: ", "))\(hint)")
  }

  /// For messages and the documentation.
  package var description: String {
    switch self {
    case .any: "any value"
    case .text: "a string"
    case .nonEmptyText: "a string that is not empty"
    case .character: "a single character"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number: "a number"
    case .bool: "true or false"
    case .choice(let names): "one of \(names.joined(separator: ", "))"
    case .object: "an object"
    case .path: "a path such as a.b[0]"
    case .pattern: "a regular expression"
    case .zone: "a time zone"
    case .datePattern(let names): "a date pattern such as yyyy-MM-dd, or \(names.joined(separator: ", "))"
    case .unit: "a unit of time"
    case .currency: "an ISO 4217 code"
    case .transform: "a transform"
    case .condition: "a condition over value"
    }
  }
}
