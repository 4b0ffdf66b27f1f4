internal import RelayDocuments

extension Transforms {
  /// Rows 35 to 39: what holds where nothing does, and what depends on the value.
  static let choice: [Transform] = [
    Transform(
      35, "default", "The value given where there is none: for missing, null and the empty text.",
      [.required("v", .any)], seesMissing: true, substitute),
    Transform(
      36, "coalesce", "The first that is neither missing nor null.", [.many("values", .any)],
      seesMissing: true,
      coalesce),
    Transform(
      37, "required", "The value; an error with the message given where it is missing or null.",
      [.optional("msg", .text, "a value is required")], seesMissing: true, required),
    Transform(
      38, "lookup", "What a table has under the value.",
      [.required("table", .object), .optional("default", .any)], lookup),
    Transform(
      39, "if", "One of two values, by a condition over the value.",
      [.required("cond", .condition), .required("a", .any), .optional("b", .any)], isFunction: false, choose),
  ]

  @Sendable private static func substitute(_ input: TransformInput) throws(TransformError) -> JSON? {
    switch input.value {
    case nil, .null?, .string("")?: input.argument(0)
    case let value?: value
    }
  }

  @Sendable private static func coalesce(_ input: TransformInput) throws(TransformError) -> JSON? {
    for value in [input.value ?? .null] + input.rest(from: 0) where value != .null { return value }
    return input.value
  }

  @Sendable private static func required(_ input: TransformInput) throws(TransformError) -> JSON? {
    guard let value = input.value, value != .null else { throw TransformError(input.text(0)) }
    return value
  }

  @Sendable private static func lookup(_ input: TransformInput) throws(TransformError) -> JSON? {
    guard let key = input.value?.scalarText else { throw input.wants("a string, a number or a bool") }
    if let found = input.argument(0)?[key] { return found }
    guard input.has(1) else {
      throw TransformError("the table has nothing under the value, and there is no default")
    }
    return input.argument(1)
  }

  @Sendable private static func choose(_ input: TransformInput) throws(TransformError) -> JSON? {
    guard let value = input.value else { return nil }
    if try Condition.isTrue(input.condition(0), for: value) { return input.argument(1) }
    return input.has(2) ? input.argument(2) : value
  }
}
