import RelayDocuments

/// Every document that differs from one in a single place: a value of another kind, a member that is gone, a
/// member that nobody knows.
enum Mutations {
  private static let others: [JSON] = [
    true, -7, .number(JSONNumber(text: "1.5")), "", "two words", [], [[]], [:],
  ]

  static func all(of value: JSON) -> [JSON] {
    var all = others.filter { $0 != value }
    switch value {
    case .array(let elements):
      for (index, element) in elements.enumerated() {
        for other in Self.all(of: element) {
          var changed = elements
          changed[index] = other
          all.append(.array(changed))
        }
      }
    case .object(let object):
      var more = object
      more["qqqqqqqqq"] = "x"
      all.append(.object(more))
      for member in object.members { all += Self.all(of: object, at: member.name, member.value) }
    case .null, .bool, .number, .string: break
    }
    return all
  }

  private static func all(of object: JSONObject, at name: String, _ value: JSON) -> [JSON] {
    var without = object
    without[name] = nil
    return [.object(without)]
      + all(of: value).map { other in
        var changed = object
        changed[name] = other
        return .object(changed)
      }
  }
}
