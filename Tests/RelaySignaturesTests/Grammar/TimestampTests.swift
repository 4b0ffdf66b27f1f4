import RelayDocuments
import RelayModel
import RelaySignatures
import Testing

@Suite struct SignedTimestampTests {
  private func trial(unit: String, tolerance: JSON = 300) -> Trial {
    .hmac(
      ("signed", "{ts}:{body}"),
      ("timestamp", ["from": "header", "name": "X-Time", "unit": .string(unit), "tolerance": tolerance]))
  }

  private func refusal(_ trial: Trial, _ time: String) throws -> RefusalCode? {
    try trial.with { $0.headers = [("X-Time", time), ("X-Sig", try Trial.code("\(time):\($0.bodyText)"))] }
      .refusal()
  }

  @Test(
    arguments: [
      ("s", "1795600000"), ("ms", "1795600000000"), ("auto", "1795600000"), ("auto", "1795600000000"),
      ("rfc3339", "2026-11-25T09:46:40Z"), ("rfc3339", "2026-11-25T10:46:40.000000001+01:00"),
      ("httpdate", "Wed, 25 Nov 2026 09:46:40 GMT"),
    ])
  func `an instant is read in every unit, and signed as it was written`(unit: String, time: String) throws {
    #expect(try refusal(trial(unit: unit), time) == nil)
    let verified = try trial(unit: unit).with {
      $0.headers = [("X-Time", time), ("X-Sig", try Trial.code("\(time):\($0.bodyText)"))]
    }.run()
    #expect(verified.signedAt == Trial.now)
    #expect(verified.coversDelivery)
  }

  @Test(
    arguments: [
      ("s", "soon"), ("s", ""), ("s", "-1795600000"), ("s", "1795600000.5"), ("s", " 17956 00000"),
      ("s", "+1"),
      ("s", "99999999999999999999"), ("s", "１７９５６０００００"), ("ms", "1e12"), ("rfc3339", "1795600000"),
      ("httpdate", "2026-11-25T09:46:40Z"), ("httpdate", "Wed, 31 Feb 2026 09:46:40 GMT"),
      ("httpdate", "Wed, 25 Nov 2026 24:46:40 GMT"), ("httpdate", "Wed, 25 Nov 2026 09:46:40 CET"),
    ])
  func `what is no instant of the unit is refused`(unit: String, time: String) throws {
    #expect(try refusal(trial(unit: unit), time) == .malformedHeader)
  }

  @Test func `the window is closed at both ends and reaches as far ahead as back`() throws {
    let now = Trial.now.seconds
    for offset in [0, -300, 300] { #expect(try refusal(trial(unit: "s"), "\(now + Int64(offset))") == nil) }
    for offset in [-301, 301, -100_000] {
      #expect(try refusal(trial(unit: "s"), "\(now + Int64(offset))") == .timestampOutOfTolerance)
    }
    #expect(try refusal(trial(unit: "ms"), "\(Trial.now.milliseconds - 300_001)") == .timestampOutOfTolerance)
  }

  @Test func `a fraction of our own clock does not close a window of whole seconds early`() throws {
    let late = trial(unit: "s").with { $0.at = Timestamp(milliseconds: Trial.now.milliseconds + 900) }
    #expect(try refusal(late, "\(Trial.now.seconds - 300)") == nil)
    #expect(try refusal(late, "\(Trial.now.seconds - 301)") == .timestampOutOfTolerance)
  }

  @Test func `without a tolerance any instant is good`() throws {
    #expect(try refusal(trial(unit: "s", tolerance: .null), "1") == nil)
    #expect(try refusal(trial(unit: "s", tolerance: .null), "soon") == .malformedHeader)
  }

  @Test func `the operator may set the window of a preset`() throws {
    let time = Trial.now.seconds - 900
    func refusal(_ tolerance: JSON?) throws -> RefusalCode? {
      var verify = JSONObject([("provider", "slack"), ("secret", "otter")])
      verify["tolerance"] = tolerance
      return try Trial(.object(verify)).with {
        let code = try Trial.code("v0:\(time):\($0.bodyText)")
        $0.headers = [("X-Slack-Request-Timestamp", "\(time)"), ("X-Slack-Signature", "v0=\(code)")]
      }.refusal()
    }
    #expect(try refusal(nil) == .timestampOutOfTolerance)
    #expect(try refusal(900) == nil)
    #expect(try refusal("15m") == nil)
    #expect(try refusal("899s") == .timestampOutOfTolerance)
    #expect(try refusal(.null) == nil)
  }

  @Test func `a timestamp in the signed body counts, and a header where there is none`() throws {
    let trial = Trial(["provider": "linear", "secret": "otter"])
    func refusal(_ body: String, _ header: String?) throws -> RefusalCode? {
      try trial.with {
        $0.body = Array(body.utf8)
        $0.headers = [("Linear-Signature", try Trial.code(body))]
        if let header { $0.headers.append(("Linear-Timestamp", header)) }
      }.refusal()
    }
    let now = Trial.now.milliseconds
    #expect(try refusal(#"{"webhookTimestamp":\#(now - 60_000)}"#, nil) == nil)
    #expect(try refusal(#"{"webhookTimestamp":\#(now - 60_001)}"#, "\(now)") == .timestampOutOfTolerance)
    #expect(try refusal("{}", "\(now)") == nil)
    #expect(try refusal("{}", nil) == .missingHeader)
    #expect(try refusal("no json", "\(now)") == .unparsableBody)
    // What nobody signed is not parsed.
    let unsigned = trial.with {
      $0.body = Array("no json".utf8)
      $0.headers = [("Linear-Signature", String(repeating: "0", count: 64))]
    }
    #expect(try unsigned.refusal() == .noMatchingSignature)
  }
}
