package import RelayDocuments

/// An element of `transforms` in a document: its arguments may hold expressions. What is constant was
/// checked when it was read.
package struct TransformTemplate: Sendable {
  private let transform: Transform
  private let arguments: [ValueTemplate?]
  /// Where no argument holds an expression.
  private let fixed: TransformCall?

  /// Reads an element; what is wrong is reported at its place, then nil. `visit` sees every template with
  /// the node it stands in.
  package init?(
    _ node: DocumentNode, path: String, _ diagnostics: Diagnostics,
    visit: (Template, DocumentNode) -> Void = { _, _ in }
  ) {
    do throws(TransformError) {
      let writing = try TransformWriting(node)
      transform = writing.transform
      arguments = writing.arguments.map { argument in
        argument.map { ValueTemplate($0, diagnostics, visit: visit) }
      }
      fixed = try Self.checked(writing.transform, arguments)
    } catch {
      let name = node.string ?? node.members?.first?.name
      let subject = name.map { Transforms.named($0) == nil ? path : "\(path): \($0)" } ?? path
      diagnostics.error("\(subject) \(error.message)", at: node.position)
      return nil
    }
  }

  /// The call, where every argument is constant.
  private static func checked(
    _ transform: Transform, _ arguments: [ValueTemplate?]
  ) throws(TransformError) -> TransformCall? {
    let constants = arguments.map { $0.map(\.literal) }
    if !constants.contains(where: { $0 == .some(nil) }) {
      return try TransformCall(transform, constants.map { $0.flatMap { $0 } })
    }
    try transform.check(count: arguments.count)
    for (index, constant) in constants.enumerated() {
      guard let parameter = transform.parameter(at: index), constant != .some(nil) else { continue }
      try parameter.check(constant.flatMap { $0 })
    }
    return nil
  }

  /// The call with every argument evaluated, or why an argument has no value; one that is of the wrong
  /// kind is a `TransformError`.
  package func call(in scope: some Scope) throws(ExpressionError) -> Result<TransformCall, TransformError> {
    if let fixed { return .success(fixed) }
    var values: [JSON?] = []
    for argument in arguments {
      if let argument { values.append(try argument.value(in: scope)) } else { values.append(nil) }
    }
    do throws(TransformError) {
      return .success(try TransformCall(transform, values))
    } catch {
      return .failure(TransformError("\(transform.name): \(error.message)"))
    }
  }
}

extension TransformWriting where Argument == DocumentNode {
  fileprivate init(_ node: DocumentNode) throws(TransformError) {
    if let name = node.string {
      self.init(try Transforms.known(name), positional: [])
      return
    }
    guard let member = node.members?.first, node.members?.count == 1 else {
      throw TransformError("must be a transform's name, or an object with the name and its arguments")
    }
    let transform = try Transforms.known(member.name)
    switch member.value.kind {
    case .sequence(let elements): self.init(transform, positional: elements)
    case .mapping(let members):
      try self.init(transform, named: members.map { (name: $0.name, value: $0.value) })
    case .scalar: self.init(transform, positional: [member.value])
    }
  }
}
