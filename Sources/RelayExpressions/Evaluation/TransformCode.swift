internal import RelayDocuments

/// A call of a transform, as `x.slug()` or `slug(x)`. Arguments that are written out are checked when the
/// expression is compiled.
final class TransformCode: Code {
  private let transform: Transform
  private let receiver: any Code
  private let arguments: [any Code]
  /// The call, where every argument is written out.
  private let fixed: TransformCall?
  private let offset: Int

  init(
    _ transform: Transform, _ receiver: any Code, _ arguments: [any Code], fixed: TransformCall?,
    at offset: Int
  ) {
    self.transform = transform
    self.receiver = receiver
    self.arguments = arguments
    self.fixed = fixed
    self.offset = offset
  }

  func value(_ frame: inout Frame) throws(Fault) -> Value {
    let value = try subject(&frame)
    var given: [JSON] = []
    for argument in arguments where fixed == nil {
      let value = try argument.value(&frame)
      try frame.charge(1 + value.deepWeight(limit: Budget.limit), at: offset)
      given.append(value.asJSON)
    }
    let result: JSON?
    do throws(TransformError) {
      let call: TransformCall
      if let fixed { call = fixed } else { call = try TransformCall(transform, given) }
      result = try call.apply(to: value)
    } catch {
      let prefix = "\(transform.name): "
      throw Fault(error.message.hasPrefix(prefix) ? error.message : prefix + error.message, at: offset)
    }
    guard let result else { throw Fault("\(transform.name): there is no value", at: offset, .missing) }
    let made = Value(result)
    try frame.charge(made.deepWeight(limit: Budget.limit), at: offset)
    return made
  }

  /// What is transformed; nil for what is missing, where the transform wants to know.
  private func subject(_ frame: inout Frame) throws(Fault) -> JSON? {
    var value: Value
    do throws(Fault) {
      value = try receiver.value(&frame)
    } catch {
      guard error.kind == .missing, transform.seesMissing else { throw error }
      return nil
    }
    if case .optional(let inner) = value {
      guard let inner else { return nil }
      value = inner
    }
    try frame.charge(1 + value.deepWeight(limit: Budget.limit), at: offset)
    return value.asJSON
  }
}
