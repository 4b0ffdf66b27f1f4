internal import RelayDocuments

extension HandshakeRule {
  private static let members = [
    "method", "signed", "when", "token", "tokenOptional", "otherwise", "status", "headers", "text", "json",
    "capture", "confirm",
  ]

  /// Reads one element of a preset's `handshake`.
  init(_ value: JSON) throws(SignatureError) {
    let reader = try MemberReader(value.object ?? JSONObject(), at: "handshake", known: Self.members)
    method = try reader.string("method") ?? "POST"
    isSigned = try reader.bool("signed")
    conditions = try Condition.read(reader.object["when"])
    token = try reader.template("token").map { template throws(SignatureError) in
      TokenDemand(
        template: template, refusalStatus: try reader.status("otherwise", default: 403),
        isOptional: try reader.bool("tokenOptional"))
    }
    status = try reader.status("status", default: 200)
    var headers: [(name: String, value: RequestTemplate)] = []
    for header in reader.object["headers"]?.object?.members ?? [] {
      headers.append((header.name, try RequestTemplate(header.value.string ?? "")))
    }
    self.headers = headers
    body = try Body(reader)
    capture = try reader.template("capture")
    confirmation = try reader.template("confirm")
  }
}

extension HandshakeRule.Body {
  fileprivate init(_ reader: MemberReader) throws(SignatureError) {
    if let template = try reader.template("text") {
      self = .text(template)
      return
    }
    guard let object = reader.object["json"]?.object else {
      self = .empty
      return
    }
    var members: [(name: String, value: HandshakeRule.JSONPart)] = []
    for member in object.members {
      if let text = member.value.string {
        members.append((member.name, .template(try RequestTemplate(text))))
      } else {
        members.append((member.name, .fixed(member.value)))
      }
    }
    self = .json(members)
  }
}

extension Condition {
  /// Reads `{"json:type": "ping", "json:event": null}`: every member is a place and what is there.
  static func read(_ value: JSON?) throws(SignatureError) -> [Condition] {
    var conditions: [Condition] = []
    for member in value?.object?.members ?? [] {
      guard let field = RequestField(member.name[...]) else {
        throw .configuration(member: "when.\(member.name)", why: "is no part of a request")
      }
      conditions.append(Condition(field: field, demand: Demand(member.value.string)))
    }
    return conditions
  }
}

extension Condition.Demand {
  /// `*` for anything, `text*` for a beginning, `hex{20,32}` for digits, null for nothing at all.
  fileprivate init(_ text: String?) {
    guard let text else {
      self = .absent
      return
    }
    let numbers =
      text.hasPrefix("hex{") ? text.dropFirst(4).dropLast().split(separator: ",").compactMap { Int($0) } : []
    if text == "*" {
      self = .present
    } else if numbers.count == 2, numbers[0] <= numbers[1] {
      self = .hexDigits(numbers[0]...numbers[1])
    } else if text.hasSuffix("*") {
      self = .begins([UInt8](text.utf8.dropLast()))
    } else {
      self = .equals([UInt8](text.utf8))
    }
  }
}

extension FixedAnswer {
  /// Reads `{"status": 200, "headers": {…}, "text": "…"}`.
  init(_ value: JSON, status fallback: Int) throws(SignatureError) {
    let reader = try MemberReader(
      value.object ?? JSONObject(), at: "answer", known: ["when", "status", "headers", "text"])
    status = try reader.status("status", default: fallback)
    headers = []
    for header in reader.object["headers"]?.object?.members ?? [] {
      headers.append(HeaderField(header.name, header.value.string ?? ""))
    }
    body = status == 204 ? [] : try reader.string("text").map { [UInt8]($0.utf8) }
    if let body, !body.isEmpty, headers.isEmpty { headers = [HeaderField("Content-Type", "text/plain")] }
  }
}

extension MemberReader {
  fileprivate func template(_ member: String) throws(SignatureError) -> RequestTemplate? {
    guard let text = try string(member) else { return nil }
    return try RequestTemplate(text)
  }

  fileprivate func status(_ member: String, default fallback: Int) throws(SignatureError) -> Int {
    guard let value = value(member) else { return fallback }
    guard let status = value.int, (200..<600).contains(status) else { throw failure(member, "is no status") }
    return status
  }
}
