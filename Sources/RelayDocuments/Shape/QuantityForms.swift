package import RelayModel

/// A duration such as `30s`, within a range.
package struct DurationForm: DefaultForm {
  let range: ClosedRange<Duration>

  package func read(_ written: WrittenValue) -> Duration? {
    let value = written.read(as: "a duration such as 30s (ms, s, m, h, d)") { node in
      node.string.flatMap { Duration(text: $0) }
    }
    guard let value, !range.contains(value) else { return value }
    written.reject("must lie between \(range.lowerBound.text) and \(range.upperBound.text)")
    return nil
  }

  package func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    var schema = definitions.reference("duration") { _ in
      ["type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)$", "description": "Such as 30s: ms, s, m, h or d."]
    }
    schema["description"] = .string("From \(range.lowerBound.text) to \(range.upperBound.text).")
    return schema
  }

  package func written(_ value: Duration) -> JSON { .string(value.text) }
}

/// A size such as `8MiB`, within a range.
package struct SizeForm: DefaultForm {
  let range: ClosedRange<ByteCount>

  package func read(_ written: WrittenValue) -> ByteCount? {
    let value = written.read(as: "a size such as 8MiB (B, KiB, MiB, GiB)") { node in
      node.string.flatMap { ByteCount(text: $0) }
    }
    guard let value, !range.contains(value) else { return value }
    written.reject("must lie between \(range.lowerBound.text) and \(range.upperBound.text)")
    return nil
  }

  package func schema(_ definitions: inout SchemaDefinitions) -> JSONObject {
    var schema = definitions.reference("size") { _ in
      [
        "type": "string", "pattern": "^[0-9]+(B|KiB|MiB|GiB)$",
        "description": "Such as 8MiB: B, KiB, MiB or GiB.",
      ]
    }
    schema["description"] = .string("From \(range.lowerBound.text) to \(range.upperBound.text).")
    return schema
  }

  package func written(_ value: ByteCount) -> JSON { .string(value.text) }
}

extension Form where Self == DurationForm {
  /// A duration of at most a hundred thousand days.
  package static func duration(
    in range: ClosedRange<Duration> = .zero ... .seconds(8_640_000_000)
  ) -> Self { DurationForm(range: range) }
}

extension Form where Self == SizeForm {
  package static func size(in range: ClosedRange<ByteCount>) -> Self { SizeForm(range: range) }
}
