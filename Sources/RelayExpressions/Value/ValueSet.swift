internal import RelayDocuments

/// A value as an element of a set, by CEL's equality: 1, 1u and 1.0 are one element.
struct SetElement: Hashable {
  let value: Value

  static func == (a: SetElement, b: SetElement) -> Bool { a.value.isEqual(to: b.value) }

  func hash(into hasher: inout Hasher) { Self.hash(value, into: &hasher) }

  private static func hash(_ value: Value, into hasher: inout Hasher) {
    switch value.number {
    case .int(let number): hasher.combine(Double(number))
    case .uint(let number): hasher.combine(Double(number))
    case .double(let number): hasher.combine(number)
    case .string(let text): hasher.combine(text)
    case .bool(let flag): hasher.combine(flag)
    case .bytes(let bytes): hasher.combine(bytes)
    case .timestamp(let instant): hasher.combine(instant)
    case .duration(let duration): hasher.combine(duration)
    case .list(let elements):
      hasher.combine(elements.count)
      for element in elements.prefix(8) { hash(element, into: &hasher) }
    case .json(.array(let elements)):
      hasher.combine(elements.count)
      for element in elements.prefix(8) { hash(Value(element), into: &hasher) }
    // The entries of a map have no order.
    case let map where map.isMap: hasher.combine(map.size)
    default: break
    }
  }
}
