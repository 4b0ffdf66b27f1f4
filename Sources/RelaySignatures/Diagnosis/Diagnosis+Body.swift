internal import RelayDocuments

extension Diagnosis {
  /// Bodies over this are not written anew.
  private static let maxBody = 1 << 20

  /// The body as it may have been before something on the way changed it.
  func bodyHypotheses() -> [Hypothesis] {
    guard request.body.count <= Self.maxBody else { return [] }
    return BodyVariant.all(of: request.body).map { variant in
      var changed = request
      changed.body = variant.body
      let finding = Finding(
        .bodyChanged, "the body was changed on its way: it was signed \(variant.difference)",
        fix: "let the proxy or middleware in front pass the body on byte for byte, without parsing it")
      return Hypothesis(finding: finding, trial: Trial(changed, configuration.withoutTolerance))
    }
  }
}

/// A body as another program may have written it.
struct BodyVariant {
  let body: [UInt8]
  /// How it differs, to go on after "it was signed".
  let difference: String

  static func all(of body: [UInt8]) -> [BodyVariant] {
    (lineEnds(body) + json(body)).filter { $0.body != body }
  }

  private static func lineEnds(_ body: [UInt8]) -> [BodyVariant] {
    var trimmed = body[...]
    while trimmed.last == 10 || trimmed.last == 13 { trimmed.removeLast() }
    return [
      BodyVariant(body: Array(trimmed), difference: "without the line end after it"),
      BodyVariant(body: trimmed + [10], difference: "with a line end after it"),
      BodyVariant(body: trimmed + [13, 10], difference: "with CR LF after it"),
      BodyVariant(body: unix(body), difference: "with LF line ends, not CR LF"),
      BodyVariant(body: windows(body), difference: "with CR LF line ends, not LF"),
    ]
  }

  private static func unix(_ body: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(body.count)
    for (index, byte) in body.enumerated()
    where byte != 13 || index + 1 == body.count || body[index + 1] != 10 {
      result.append(byte)
    }
    return result
  }

  private static func windows(_ body: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for byte in unix(body) {
      if byte == 10 { result.append(13) }
      result.append(byte)
    }
    return result
  }

  private static func json(_ body: [UInt8]) -> [BodyVariant] {
    let value: JSON
    do {
      value = try JSON.parse(body)
    } catch {
      return []
    }
    let minified = value.serialized()
    let pretty = [UInt8](value.prettyText.utf8)
    return [
      BodyVariant(body: minified, difference: "as JSON without white space"),
      BodyVariant(body: pretty, difference: "as indented JSON"),
      BodyVariant(body: pretty + [10], difference: "as indented JSON with a line end"),
      BodyVariant(body: widened(pretty), difference: "as JSON indented by four"),
      BodyVariant(body: spaced(minified), difference: "as JSON with a blank after each colon and comma"),
      BodyVariant(body: escaped(minified), difference: "as JSON with only ASCII in it"),
      BodyVariant(body: escaped(spaced(minified)), difference: "as Python writes JSON"),
      BodyVariant(body: slashed(escaped(minified)), difference: "as PHP writes JSON"),
    ]
  }

  /// Four blanks a level instead of two.
  private static func widened(_ pretty: [UInt8]) -> [UInt8] {
    var lines: [[UInt8]] = []
    for line in pretty.split(separator: 10, omittingEmptySubsequences: false) {
      let indentation = line.prefix { $0 == 32 }
      lines.append(Array(indentation) + Array(line))
    }
    return Array(lines.joined(separator: [10]))
  }

  /// A blank after every colon and comma that stands outside a string.
  private static func spaced(_ minified: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var isString = false
    var isEscaped = false
    for byte in minified {
      result.append(byte)
      if isString {
        if byte == UInt8(ascii: "\""), !isEscaped { isString = false }
        isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
      } else if byte == UInt8(ascii: "\"") {
        isString = true
      } else if byte == UInt8(ascii: ":") || byte == UInt8(ascii: ",") {
        result.append(32)
      }
    }
    return result
  }

  /// Everything beyond ASCII as `\uXXXX`. It stands in strings only.
  private static func escaped(_ json: [UInt8]) -> [UInt8] {
    guard json.contains(where: { $0 > 0x7F }) else { return json }
    var result: [UInt8] = []
    for unit in String(decoding: json, as: UTF8.self).utf16 {
      if unit < 0x80 {
        result.append(UInt8(unit))
      } else {
        let hex = String(unit, radix: 16)
        result += "\\u".utf8
        result += [UInt8](repeating: UInt8(ascii: "0"), count: 4 - hex.utf8.count)
        result += hex.utf8
      }
    }
    return result
  }

  /// `/` as `\/`.
  private static func slashed(_ json: [UInt8]) -> [UInt8] {
    json.flatMap { $0 == UInt8(ascii: "/") ? [UInt8(ascii: "\\"), $0] : [$0] }
  }
}
