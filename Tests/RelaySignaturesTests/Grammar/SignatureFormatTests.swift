import RelayCrypto
import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

@Suite struct SignatureFormatTests {
  private let wrong = String(repeating: "0", count: 64)

  private func right() throws -> String { try Trial.code(Trial.hmac().bodyText) }

  private func refusal(_ trial: Trial, _ value: String) throws -> RefusalCode? {
    try trial.with { $0.headers = [("x-sig", value)] }.refusal()
  }

  @Test func `a plain signature may be in either case and have blanks around it`() throws {
    let right = try right()
    for value in [right, right.uppercased(), "  \(right)\t"] {
      #expect(try refusal(Trial.hmac(), value) == nil)
    }
    #expect(try refusal(Trial.hmac(), wrong) == .noMatchingSignature)
    for value in ["", "x", String(right.dropLast()), "sha256=\(right)", "\(right),\(right)"] {
      #expect(try refusal(Trial.hmac(), value) == .malformedHeader, "\(value)")
    }
    #expect(try refusal(Trial.hmac(), String(right.dropLast(2))) == .noMatchingSignature)
  }

  @Test func `a prefix must be there, in any case`() throws {
    let trial = Trial.hmac(signature: ("prefix", "sha256="))
    #expect(try refusal(trial, "sha256=\(right())") == nil)
    #expect(try refusal(trial, "SHA256=\(right())") == nil)
    #expect(try refusal(trial, right()) == .malformedHeader)
  }

  @Test func `base64 may lack its padding but not be another text of the same bytes`() throws {
    let text = Trial.base64(try right())
    let trial = Trial.hmac(signature: ("encoding", "base64"))
    #expect(try refusal(trial, text) == nil)
    #expect(try refusal(trial, text.filter { $0 != "=" }) == nil)
    let last = try #require(text.dropLast().last?.asciiValue)
    let loose = text.dropLast(2) + String(UnicodeScalar(last + 1)) + "="
    #expect(try refusal(trial, String(loose)) == .malformedHeader)
    #expect(try refusal(trial, right()) == .noMatchingSignature)
  }

  @Test func `pairs hold candidates and fields, with blanks between`() throws {
    let trial = Trial.hmac(
      ("signed", "{ts}.{body}"),
      ("timestamp", ["from": "signature", "name": "t", "unit": "s", "tolerance": 300]),
      signature: ("format", "kv"), ("sep", ","), ("key", "v1"))
    let time = Trial.now.seconds
    let right = try Trial.code("\(time).\(trial.bodyText)")
    #expect(try refusal(trial, "t=\(time),v1=\(right)") == nil)
    #expect(try refusal(trial, "v1=\(wrong), v1=\(right), v0=x, t=\(time)") == nil)
    #expect(try refusal(trial, "t=\(time),v0=\(right)") == .malformedHeader)
    #expect(try refusal(trial, "v1=\(right)") == .missingHeader)
    #expect(try refusal(trial, "t=soon,v1=\(right)") == .malformedHeader)
    #expect(try refusal(trial, "t=\(time + 1),v1=\(right)") == .noMatchingSignature)
  }

  @Test func `a run of pairs has its own timestamp`() throws {
    let trial = Trial.hmac(
      ("signed", "{ts}.{body}"),
      ("timestamp", ["from": "signature", "name": "t", "unit": "s", "tolerance": 300]),
      signature: ("format", "kv"), ("key", "v1"), ("groups", " "))
    let time = Trial.now.seconds
    let old = time - 1000
    let right = try Trial.code("\(time).\(trial.bodyText)")
    let stale = try Trial.code("\(old).\(trial.bodyText)")
    #expect(try refusal(trial, "t=\(old),v1=\(stale) t=\(time),v1=\(right)") == nil)
    #expect(try refusal(trial, "t=\(old),v1=\(stale),t=\(time),v1=\(right)") == nil)
    // A signature counts with the timestamp of its own run only.
    #expect(try refusal(trial, "t=\(old),v1=\(right) t=\(time),v1=\(stale)") == .timestampOutOfTolerance)
    #expect(try refusal(trial, "t=\(time),v1=\(stale) t=\(old),v1=\(right)") == .noMatchingSignature)
  }

  @Test func `a tagged list leaves other tags out`() throws {
    let trial = Trial.hmac(
      signature: ("format", "tagged-list"), ("tag", "v1,"), ("sep", " "), ("encoding", "base64"))
    let right = Trial.base64(try right())
    #expect(try refusal(trial, "v1a,\(right) v2,x v1,\(right)") == nil)
    #expect(try refusal(trial, "v1a,\(right)") == .malformedHeader)
    #expect(try refusal(trial, right) == .malformedHeader)
  }

  @Test func `a list and a positional list may hold several`() throws {
    #expect(try refusal(.hmac(signature: ("format", "list")), "\(wrong), \(right())") == nil)
    let trial = Trial.hmac(
      ("signed", "{ts}{body}"),
      ("timestamp", ["from": "signature", "name": "0", "unit": "s", "tolerance": 9]),
      signature: ("format", "positional"))
    let right = try Trial.code("\(Trial.now.seconds)\(trial.bodyText)")
    #expect(try refusal(trial, "\(Trial.now.seconds),\(wrong),\(right)") == nil)
    #expect(try refusal(trial, right) == .malformedHeader)
  }

  @Test func `more signatures than any provider sends are refused`() throws {
    let trial = Trial.hmac(signature: ("format", "list"))
    let ten = Array(repeating: wrong, count: 9) + [try right()]
    #expect(try refusal(trial, ten.joined(separator: ",")) == nil)
    #expect(try refusal(trial, ([wrong] + ten).joined(separator: ",")) == .malformedHeader)
    let pairs = Trial.hmac(signature: ("format", "kv"), ("key", "v1"))
    let fields = (0..<70).map { "f\($0)=1" }.joined(separator: ",")
    #expect(try refusal(pairs, "\(fields),v1=\(right())") == .malformedHeader)
  }

  @Test func `other headers may carry one more signature`() throws {
    let right = try right()
    let also = Trial.hmac(signature: ("also", ["X-Sig-2"]))
    #expect(try also.with { $0.headers = [("X-Sig", wrong), ("X-Sig-2", right)] }.refusal() == nil)
    #expect(try also.with { $0.headers = [("X-Sig-2", right)] }.refusal() == nil)
    let numbered = Trial.hmac(signature: ("numbered", ["prefix": "X-Sig-", "max": 3]))
    #expect(try numbered.with { $0.headers = [("X-Sig-3", right)] }.refusal() == nil)
    #expect(try numbered.with { $0.headers = [("X-Sig-4", right)] }.refusal() == .missingHeader)
    let repeated = Trial.hmac(signature: ("multi_header", true), ("prefix", "sha256="))
    let values = [("X-Sig", "sha256=\(wrong)"), ("X-Sig", "sha256=\(right)")]
    #expect(try repeated.with { $0.headers = values }.refusal() == nil)
    let joined = [("X-Sig", "sha256=\(wrong), sha256=\(right)")]
    #expect(try repeated.with { $0.headers = joined }.refusal() == nil)
  }

  @Test func `a repeated signature header is refused, even if both are right`() throws {
    let right = try right()
    let trial = Trial.hmac().with { $0.headers = [("X-Sig", right), ("x-sig", right)] }
    #expect(try trial.refusal() == .malformedHeader)
  }

  @Test(arguments: ["\u{0}", "\u{1}", "\n", "\u{7F}"])
  func `a control character in the signature is refused`(character: String) throws {
    #expect(try refusal(Trial.hmac(), right() + character) == .malformedHeader)
    #expect(try refusal(Trial.hmac(), right() + character + "junk") == .malformedHeader)
  }

  @Test func `the request may choose among the algorithms that are listed`() throws {
    let trial = Trial.hmac(
      signature: ("alg_header", "X-Alg"), ("algs", ["HS1": "sha1", "HS256": "sha256"]))
    let right = try right()
    func refusal(_ algorithm: String?) throws -> RefusalCode? {
      try trial.with { $0.headers = [("X-Sig", right)] + (algorithm.map { [("X-Alg", $0)] } ?? []) }.refusal()
    }
    #expect(try refusal("HS256") == nil)
    #expect(try refusal("HS1") == .noMatchingSignature)
    #expect(try refusal("HS512") == .malformedHeader)
    #expect(try refusal(nil) == .missingHeader)
  }
}
