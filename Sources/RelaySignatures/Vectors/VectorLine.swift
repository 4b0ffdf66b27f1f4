internal import RelayCrypto
package import RelayDocuments
package import RelayModel

/// One request to judge, with the keys to judge it by and what the clock says: a line of
/// `petrel verify --jsonl`.
package struct VectorLine: Sendable {
  package var configuration: VerifyConfiguration
  package var request: SignedRequest
  package var at: Timestamp

  /// The members of a line that make the `verify:` object; those of `config` join them.
  private static let keyMembers = ["provider", "secret", "public_key", "jwk", "jwks", "certificates"]

  /// Reads a line. Throws a refusal `bad_input` that says what is wrong with it.
  package init(_ line: [UInt8]) throws(Refusal) {
    do {
      try self.init(json: try JSON.parse(line, duplicates: .keepLast))
    } catch let refusal as Refusal {
      throw refusal
    } catch {
      throw Refusal(.badInput, "\(error)")
    }
  }

  private init(json: JSON) throws {
    var verify = JSONObject()
    for name in Self.keyMembers { if let value = json[name], value != .null { verify[name] = value } }
    if let written = json["verify"]?.object {
      for member in written.members { verify[member.name] = member.value }
    }
    if let more = json["config"]?.object { for member in more.members { verify[member.name] = member.value } }
    configuration = try VerifyConfiguration(.object(verify)) { _, text in [UInt8](text) }
    guard let method = json["method"]?.string, let url = json["url"]?.string else {
      throw Refusal(.badInput, "method or url is missing")
    }
    guard let base64 = json["body_base64"]?.string, let body = Base64.standard.decode(base64.utf8) else {
      throw Refusal(.badInput, "body_base64 is missing, or no base64")
    }
    guard let time = json["time"]?.int else { throw Refusal(.badInput, "time is no whole number of seconds") }
    request = SignedRequest(method: method, url: url, headers: try Self.headers(json["headers"]), body: body)
    at = Timestamp(seconds: Int64(time))
  }

  private static func headers(_ value: JSON?) throws(Refusal) -> HeaderFields {
    var headers = HeaderFields()
    for field in value?.array ?? [] {
      guard let pair = field.array, pair.count == 2, let name = pair[0].string, let value = pair[1].string,
        name.utf8.count <= 0xFFFF
      else { throw Refusal(.badInput, "headers must be [name, value] pairs") }
      headers.append(name, value)
    }
    guard value?.array != nil else { throw Refusal(.badInput, "headers is missing") }
    return headers
  }

  /// The judgement of a line, as `petrel verify` prints it: `{"accepted":true}`, or the reason and its
  /// detail.
  package static func answer(_ line: [UInt8]) -> JSON {
    do throws(Refusal) {
      let vector = try VectorLine(line)
      _ = try vector.verify()
      return ["accepted": true]
    } catch {
      return ["accepted": false, "reason": .string(error.code.rawValue), "detail": .string(error.detail)]
    }
  }

  private func verify() throws(Refusal) -> Verified {
    let verifier: Verifier
    do {
      verifier = try Verifier(configuration)
    } catch {
      throw Refusal(.badInput, "\(error)")
    }
    return try verifier.verify(request, at: at)
  }
}
