import RelayCrypto

/// A1, A2, A4: requests without the secret, or with what somebody else made of it.
extension Attack {
  private static let body = Array(#"{"kind":"forged"}"#.utf8)

  private static func forged(
    _ name: String, _ fields: [(String, String)], _ statuses: Set<Int> = [401], code: String
  ) -> Attack {
    post(
      name, [("X-GitHub-Event", "push"), ("Content-Type", "application/json")] + fields, body: body, statuses,
      code: code)
  }

  private static func signature(_ name: String, _ value: String, code: String) -> Attack {
    forged(name, [("X-Hub-Signature-256", value)], code: code)
  }

  private static func timed(
    _ name: String, _ fields: [(String, String)], _ code: String = "no_matching_signature"
  ) -> Attack {
    post(name, fields, body: body, to: "/hooks/timed", [401], code: code)
  }

  static let sound = "sha256=\(code(body))"

  static let forgeries: [Attack] = [
    forged("no signature", [], code: "missing_header"),
    signature("an empty signature", "", code: "malformed_header"),
    signature("a prefix alone", "sha256=", code: "malformed_header"),
    signature("a signature without its prefix", Attack.code(body), code: "malformed_header"),
    signature("a signature cut short", String(sound.dropLast(2)), code: "no_matching_signature"),
    signature("a signature with more behind it", sound + "00", code: "no_matching_signature"),
    signature(
      "a signature under another secret", "sha256=\(Attack.code(body, secret: "another-secret-of-16"))",
      code: "no_matching_signature"),
    // A key is filled up with zeros, so that a zero is the same key as nothing.
    signature(
      "a signature under an empty secret", "sha256=\(Attack.code(body, secret: "\0"))",
      code: "no_matching_signature"),
    signature("a signature by SHA-1", "sha1=\(Attack.code(body, .sha1))", code: "malformed_header"),
    signature("a signature by no algorithm", "none", code: "malformed_header"),
    signature(
      "a signature of zeros", "sha256=\(String(repeating: "0", count: 64))", code: "no_matching_signature"),
    signature("a signature of another body", "sha256=\(Attack.code([]))", code: "no_matching_signature"),
    signature(
      "a hundred guesses in one field",
      (0..<100).map { "sha256=\(Attack.code([UInt8($0)]))" }.joined(separator: ","), code: "malformed_header"),
    forged(
      "SHA-1 in the old field alone", [("X-Hub-Signature", "sha1=\(Attack.code(body, .sha1))")],
      code: "missing_header"),
    forged(
      "a sound signature and a wrong one",
      [("X-Hub-Signature-256", sound), ("X-Hub-Signature-256", "sha256=00")],
      [400, 401], code: "malformed_header"),
    forged(
      "a wrong signature and a sound one",
      [("X-Hub-Signature-256", "sha256=00"), ("x-hub-signature-256", sound)],
      [400, 401], code: "malformed_header"),
    timed("no timestamp", [("webhook-id", "m"), ("webhook-signature", "v1,AAAA")], "missing_header"),
    timed(
      "a timestamp of yesterday",
      [("webhook-id", "m"), ("webhook-timestamp", "1700000000"), ("webhook-signature", "v1,AAAA")],
      "timestamp_out_of_tolerance"),
    timed(
      "a timestamp of the next century",
      [("webhook-id", "m"), ("webhook-timestamp", "4700000000"), ("webhook-signature", "v1,AAAA")],
      "timestamp_out_of_tolerance"),
    timed(
      "a timestamp that is no number",
      [("webhook-id", "m"), ("webhook-timestamp", "now"), ("webhook-signature", "v1,AAAA")],
      "malformed_header"),
    timed(
      "a timestamp beyond 64 bits",
      [
        ("webhook-id", "m"), ("webhook-timestamp", "99999999999999999999999"),
        ("webhook-signature", "v1,AAAA"),
      ],
      "malformed_header"),
  ]
}
