package import RelayDocuments
internal import RelayModel

/// What one element of `transforms` says, before its arguments are looked at: `"trim"`, `{"split": ","}`,
/// `{"replace": ["a", "b"]}` or `{"truncate": {"n": 10, "unit": "utf16"}}`.
package struct TransformWriting<Argument> {
  package let transform: Transform
  /// In the order of the parameters; nil for one that is not given.
  package var arguments: [Argument?]
}

extension TransformWriting {
  /// A scalar is the first argument; a list holds all of them in order, a mapping by their names.
  package init(_ transform: Transform, positional: [Argument]) {
    self.init(transform: transform, arguments: positional)
  }

  package init(
    _ transform: Transform, named: [(name: String, value: Argument)]
  ) throws(TransformError) {
    var arguments = [Argument?](repeating: nil, count: transform.parameters.count)
    for member in named {
      guard let place = transform.parameters.firstIndex(where: { $0.name == member.name }) else {
        throw transform.unknown(parameter: member.name)
      }
      arguments[place] = member.value
    }
    while let last = arguments.last, last == nil { arguments.removeLast() }
    self.init(transform: transform, arguments: arguments)
  }
}

extension TransformCall {
  /// Reads one element of `transforms` whose arguments are constant.
  package init(json: JSON) throws(TransformError) {
    if let name = json.string {
      try self.init(Transforms.known(name))
      return
    }
    guard let member = json.object?.members.first, json.object?.count == 1 else {
      throw TransformError("must be a transform's name, or an object with the name and its arguments")
    }
    let transform = try Transforms.known(member.name)
    switch member.value {
    case .array(let elements):
      try self.init(transform, TransformWriting(transform, positional: elements).arguments)
    case .object(let object):
      try self.init(transform, TransformWriting(transform, named: object.members).arguments)
    case .null, .bool, .number, .string: try self.init(transform, [member.value])
    }
  }
}

extension Transform {
  fileprivate func unknown(parameter: String) -> TransformError {
    let names = parameters.map(\.name)
    let hint = nearest(to: parameter, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
    return TransformError("\(name) has no argument \"\(parameter)\"\(hint)")
  }
}

extension JSON {
  /// What this is, for messages.
  var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "a bool"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// Whether the JSON text is at most so long; looks at no more of the value than it must. Escapes are
  /// not counted.
  func isWithin(bytes limit: Int) -> Bool {
    var left = limit
    return spend(&left)
  }

  private func spend(_ left: inout Int) -> Bool {
    switch self {
    case .null, .bool: left -= 4
    case .number(let number): left -= number.text.utf8.count
    case .string(let text): left -= text.utf8.count + 2
    case .array(let elements):
      left -= 2
      for element in elements {
        left -= 1
        guard left >= 0, element.spend(&left) else { return false }
      }
    case .object(let object):
      left -= 2
      for member in object.members {
        left -= member.name.utf8.count + 4
        guard left >= 0, member.value.spend(&left) else { return false }
      }
    }
    return left >= 0
  }
}
