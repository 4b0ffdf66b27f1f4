internal import RelayDocuments
internal import RelayModel
internal import RelaySignatures

extension FuzzTarget {
  /// Presets of different grammars, with the header that carries the signature.
  private static let presets: [(provider: String, header: String)] = [
    ("github", "X-Hub-Signature-256"), ("stripe", "Stripe-Signature"), ("slack", "X-Slack-Signature"),
    ("shopify", "X-Shopify-Hmac-Sha256"), ("standard-webhooks", "webhook-signature"),
  ]

  private static let verifiers: [(Verifier, header: String)] = presets.map { provider, header in
    do {
      let rule: JSON = ["provider": .string(provider), "secret": "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"]
      let configuration = try VerifyConfiguration(rule) { _, text in Array(text.utf8) }
      return (try Verifier(configuration), header)
    } catch {
      fatalError("\(provider): \(error)")
    }
  }

  /// A line with a header's value, and a body: no preset accepts a signature that nobody made.
  static let signature = FuzzTarget(
    name: "signature",
    seeds: [
      "sha256=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n{}",
      "t=1795600000,v1=00,v1=11,v0=22\n{}", "v0=ab\nx", "v1,MDEyMzQ1 v1a,eHg=\n{}", "AAAA\n", ",,==,=\n",
      "t=,v1\n",
    ]
  ) { bytes in
    let lines = bytes.split(separator: 10, maxSplits: 1, omittingEmptySubsequences: false)
    guard lines.count == 2, let value = text(lines[0]) else { return }
    for (verifier, header) in verifiers {
      let headers = HeaderFields([
        (header, value), ("X-Slack-Request-Timestamp", "1795600000"), ("webhook-id", "msg_1"),
        ("webhook-timestamp", "1795600000"),
      ])
      let request = SignedRequest(
        method: "POST", url: "https://h.example/x", headers: headers, body: Array(lines[1]))
      let verified = try? verifier.verify(request, at: Timestamp(seconds: 1_795_600_000))
      precondition(verified == nil, "a signature that nobody made is accepted")
    }
  }

  /// A `verify:` object of anybody's making.
  static let scheme = FuzzTarget(
    name: "scheme",
    seeds: [
      #"{"type":"hmac","alg":"sha256","key":"utf8","signature":{"from":"header","name":"X-Sig","format":"plain","encoding":"hex","prefix":"sha256="},"signed":"{timestamp}.{body}","timestamp":{"from":"header","name":"X-T","tolerance":"5m"},"secret":"s"}"#,
      #"{"provider":"github","secret":"s"}"#, #"{"type":"basic","username":"a","secret":"s"}"#,
      #"{"type":"token","from":"header","name":"X","secret":"s"}"#,
    ]
  ) { bytes in
    guard let json = try? JSON.parse(bytes) else { return }
    guard
      let configuration = try? VerifyConfiguration(json, resolve: { _, text in Array(text.utf8) }),
      let verifier = try? Verifier(configuration)
    else { return }
    let headers = HeaderFields([
      ("X-Sig", "sha256=00"), ("X-T", "1795600000"), ("X", "s"), ("Authorization", "Basic YTpz"),
    ])
    let request = SignedRequest(method: "POST", url: "https://h.example/x?a=b", headers: headers, body: [])
    _ = try? verifier.verify(request, at: Timestamp(seconds: 1_795_600_000))
  }
}
