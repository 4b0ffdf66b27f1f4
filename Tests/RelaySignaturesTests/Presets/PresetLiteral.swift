import RelayCrypto
import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

/// A request to one preset that was signed by a Python script which knows nothing of this code, and
/// what changes in it to make it wrong.
struct PresetLiteral {
  let json: JSON

  static func all() throws -> [PresetLiteral] {
    let text = try #require(LiteralFiles.read("presets.jsonl"))
    return try text.split(separator: 10).map { PresetLiteral(json: try JSON.parse(Array($0))) }
  }

  var provider: String { json["provider"]?.string ?? "" }

  /// The line as `verify --jsonl` reads it.
  var accepted: JSON { line(json.object ?? JSONObject()) }

  /// The same with the change; nil where the provider signs nothing.
  var refused: JSON? {
    guard let change = json["reject"]?.object, var object = json.object else { return nil }
    for member in change.members { object[member.name] = member.value }
    return line(object)
  }

  private func line(_ object: JSONObject) -> JSON {
    var line = object
    line["reject"] = nil
    line["body"] = nil
    line["body_base64"] = .string(Base64.standard.text(Array((object["body"]?.string ?? "").utf8)))
    return .object(line)
  }
}

extension JSON {
  /// The judgement of this line.
  var judged: JSON { VectorLine.answer(serialized()) }
}
