internal import RelayDocuments
package import RelayHTTP
internal import RelayModel
package import RelayWorkflow

/// The JSON that an `AttemptRecord` keeps of a request and an answer.
///
/// An attempt that succeeded keeps the request line and the status: what was answered is the step's
/// output. One that failed keeps what helps to see why: headers and the beginning of both bodies.
package enum AttemptText {
  /// How much is kept.
  package enum Detail: Sendable {
    case line, whole
  }

  /// - Parameter bodyLimit: the bytes of the body that are kept.
  package static func request(
    _ request: RenderedRequest, _ detail: Detail, _ redaction: Redaction,
    bodyLimit: Int = EngineBounds.shownBody
  ) -> [UInt8] {
    var text: [UInt8] = Array("{\"method\":".utf8)
    JSON.append(quoted: request.method, to: &text)
    append("url", redaction.shown(request.url, limit: EngineBounds.shownBody), to: &text)
    if detail == .whole {
      append(request.headers.all, redaction, to: &text)
      append(request.body, bodyLimit, redaction, to: &text)
    }
    text.append(UInt8(ascii: "}"))
    return text
  }

  package static func response(_ answer: HTTPAnswer, _ detail: Detail, _ redaction: Redaction) -> [UInt8] {
    var text: [UInt8] = Array("{\"status\":\(answer.status)".utf8)
    if detail == .whole {
      append(answer.headers.all, redaction, to: &text)
      append(answer.body, EngineBounds.shownBody, redaction, to: &text)
    }
    text.append(UInt8(ascii: "}"))
    return text
  }

  private static func append(_ name: String, _ value: String, to text: inout [UInt8]) {
    text.append(contentsOf: ",\"".utf8)
    text.append(contentsOf: name.utf8)
    text.append(contentsOf: "\":".utf8)
    JSON.append(quoted: value, to: &text)
  }

  /// `"headers":{…}`: the values of equal names in one list, as an object has each name once.
  private static func append(
    _ headers: [(name: String, value: String)], _ redaction: Redaction, to text: inout [UInt8]
  ) {
    var shown = JSONObject()
    for (name, value) in headers {
      let value: JSON = .string(
        Redaction.hides(header: name)
          ? Redaction.mark : redaction.shown(value, limit: EngineBounds.shownHeader))
      switch shown[name] {
      case .none: shown[name] = value
      case .some(.array(let others)): shown[name] = .array(others + [value])
      case .some(let other): shown[name] = .array([other, value])
      }
    }
    text.append(contentsOf: ",\"headers\":".utf8)
    JSON.object(shown).append(to: &text)
  }

  /// `"body":"…","body_bytes":N`; no `body` where it is empty or no text.
  private static func append(_ body: [UInt8], _ limit: Int, _ redaction: Redaction, to text: inout [UInt8]) {
    if !body.isEmpty, let shown = redaction.shown(body: body, limit: limit) {
      append("body", shown, to: &text)
    }
    text.append(contentsOf: ",\"body_bytes\":\(body.count)".utf8)
  }
}
