package import RelayModel

/// A refused request, kept in a bounded ring for people and for `rejudge`.
package struct RejectedRecord: Sendable {
  package var hook: String
  package var code: RefusalCode
  /// The sentence that says why, without a secret.
  package var detail: String
  /// The request as it came; its body cut to `bodyLimit`.
  package var request: IncomingRequest
  /// The body's size before it was cut.
  package var bodySize: Int

  /// Beyond this many bytes a refused body is cut, and the request cannot be judged again.
  package static let bodyLimit = 64 << 10

  package init(hook: String, code: RefusalCode, detail: String, request: IncomingRequest) {
    self.hook = hook
    self.code = code
    self.detail = detail
    self.request = request
    self.bodySize = request.body.count
    if request.body.count > Self.bodyLimit {
      self.request.body.removeLast(request.body.count - Self.bodyLimit)
    }
  }

  package var isWhole: Bool { bodySize == request.body.count }
}
