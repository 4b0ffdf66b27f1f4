import RelayModel
import Testing

@testable import RelayHTTP

/// Who may be called, judged by number: every row is a way in that somebody has tried.
@Suite struct AddressPolicyTests {
  /// Outcome for a host that an expression produced, and for one that is written out.
  enum Verdict { case open, onlyLiteral, never }

  @Test(arguments: [
    ("8.8.8.8", Verdict.open), ("1.1.1.1", .open), ("172.15.255.255", .open), ("172.32.0.0", .open),
    ("100.63.255.255", .open), ("100.128.0.0", .open), ("198.20.0.0", .open), ("223.255.255.255", .open),
    ("2606:4700::1111", .open), ("2a00:1450::1", .open), ("64:ff9b::808:808", .open),
    ("::ffff:8.8.8.8", .open),
    ("0.0.0.0", .onlyLiteral), ("0.1.2.3", .onlyLiteral), ("10.0.0.1", .onlyLiteral),
    ("100.64.0.1", .onlyLiteral), ("127.0.0.1", .onlyLiteral), ("127.255.255.254", .onlyLiteral),
    ("172.16.0.1", .onlyLiteral), ("172.31.255.255", .onlyLiteral), ("192.0.0.8", .onlyLiteral),
    ("192.0.2.1", .onlyLiteral), ("192.88.99.1", .onlyLiteral), ("192.168.1.1", .onlyLiteral),
    ("198.18.0.1", .onlyLiteral), ("198.19.255.255", .onlyLiteral), ("198.51.100.1", .onlyLiteral),
    ("203.0.113.1", .onlyLiteral), ("224.0.0.1", .onlyLiteral), ("239.255.255.255", .onlyLiteral),
    ("240.0.0.1", .onlyLiteral), ("255.255.255.255", .onlyLiteral),
    ("::", .onlyLiteral), ("::1", .onlyLiteral), ("fc00::1", .onlyLiteral), ("fdff::1", .onlyLiteral),
    ("fec0::1", .onlyLiteral), ("ff02::1", .onlyLiteral), ("2001:db8::1", .onlyLiteral),
    ("2001:2::1", .onlyLiteral), ("3fff::1", .onlyLiteral), ("4000::1", .onlyLiteral),
    ("100::1", .onlyLiteral),
    ("5f00::1", .onlyLiteral), ("::ffff:127.0.0.1", .onlyLiteral), ("::ffff:10.1.2.3", .onlyLiteral),
    ("::127.0.0.1", .onlyLiteral), ("64:ff9b::7f00:1", .onlyLiteral), ("64:ff9b:1::808:808", .onlyLiteral),
    ("2002:7f00:1::1", .onlyLiteral), ("2002:808:808::1", .onlyLiteral),
    ("2001:0:808:808::f7f7:f7f7", .onlyLiteral), ("::ffff:0:a00:1", .onlyLiteral),
    ("169.254.169.254", .never), ("169.254.0.1", .never), ("169.254.170.2", .never),
    ("100.100.100.200", .never),
    ("168.63.129.16", .never), ("192.0.0.192", .never), ("fe80::1", .never), ("febf::1", .never),
    ("fd00:ec2::254", .never), ("fd20:ce::254", .never), ("fd00:c1::a9fe:a9fe", .never),
    ("::ffff:169.254.169.254", .never), ("::169.254.169.254", .never), ("64:ff9b::a9fe:a9fe", .never),
    ("64:ff9b:1::a9fe:a9fe", .never), ("64:ff9b:1:a9fe:a9:fe00::", .never), ("2002:a9fe:a9fe::1", .never),
    ("2001:0:a9fe:a9fe::1", .never), ("2001:0:808:808::5601:5601", .never), ("::ffff:0:a9fe:a9fe", .never),
    ("2606:4700::5efe:a9fe:a9fe", .never), ("fd12::200:5efe:a9fe:a9fe", .never),
  ])
  func `an address is judged by what it reaches`(text: String, verdict: Verdict) throws {
    let address = try #require(IPAddress(text))
    let policy = AddressPolicy()
    func isAllowed(literal: Bool) -> Bool {
      policy.objection(to: address, of: .address(address), hostIsLiteral: literal) == nil
    }
    #expect(isAllowed(literal: false) == (verdict == .open))
    #expect(isAllowed(literal: true) == (verdict != .never))
  }

  @Test func `the address that is allowed by number may be private, and even guarded`() throws {
    let policy = AddressPolicy(allow: try rules("10.0.0.0/8", "169.254.169.254"))
    #expect(objection(policy, "10.1.2.3", name: "a.example") == nil)
    #expect(objection(policy, "169.254.169.254", name: "a.example") == nil)
    #expect(objection(policy, "192.168.0.1", name: "a.example") != nil)
    #expect(objection(policy, "169.254.169.253", name: "a.example") != nil)
  }

  @Test func `the host that is allowed by name may be private, and only it`() throws {
    let policy = AddressPolicy(allow: try rules("Intranet.example", "*.corp.example"))
    #expect(objection(policy, "10.1.2.3", name: "intranet.example") == nil)
    #expect(objection(policy, "10.1.2.3", name: "sub.intranet.example") != nil)
    #expect(objection(policy, "10.1.2.3", name: "a.b.corp.example") == nil)
    #expect(objection(policy, "10.1.2.3", name: "corp.example") != nil)
    #expect(objection(policy, "10.1.2.3", name: "notcorp.example") != nil)
  }

  @Test func `a guarded address behind a name needs the very name`() throws {
    let policy = AddressPolicy(allow: try rules("imds.example", "*.corp.example"))
    #expect(objection(policy, "169.254.169.254", name: "imds.example") == nil)
    #expect(objection(policy, "169.254.169.254", name: "x.corp.example") != nil)
  }

  @Test func `deny wins over everything`() throws {
    let policy = AddressPolicy(
      allow: try rules("10.0.0.0/8", "bad.example"), deny: try rules("10.9.0.0/16", "bad.example", "8.8.8.8"))
    #expect(objection(policy, "10.9.1.1", name: "a.example") != nil)
    #expect(objection(policy, "10.8.1.1", name: "a.example") == nil)
    #expect(objection(policy, "1.1.1.1", name: "bad.example", literal: true) != nil)
    #expect(objection(policy, "8.8.8.8", name: "a.example", literal: true) != nil)
    #expect(objection(policy, "::ffff:8.8.8.8", name: "a.example", literal: true) != nil)
    #expect(objection(policy, "64:ff9b::808:808", name: "a.example", literal: true) != nil)
    #expect(policy.objection(to: .name("bad.example")) != nil)
    #expect(policy.objection(to: .name("good.example")) == nil)
  }

  @Test(arguments: ["metadata.google.internal", "metadata", "instance-data"])
  func `a metadata service is refused by its name, unless it is named`(name: String) throws {
    #expect(AddressPolicy().objection(to: .name(name)) != nil)
    #expect(AddressPolicy(allow: try rules(name)).objection(to: .name(name)) == nil)
  }

  @Test(arguments: [
    "", "*", "*.", "a..b", "10.0.0.0/33", "http://a", "a/8", "a:80", "*.10.0.0.1", "[::1]", "a b",
  ])
  func `what is neither host nor block is no rule`(text: String) {
    #expect(EgressRule(text) == nil)
  }

  @Test func `a refusal says who, where to and how to allow it`() throws {
    let error = try #require(objection(AddressPolicy(), "10.1.2.3", name: "a.example"))
    #expect(error.code == "forbidden_address")
    #expect(!error.isRetryable)
    #expect(error.message.contains("a.example (10.1.2.3)"))
    #expect(error.message.contains("egress.allow"))
  }

  private func rules(_ texts: String...) throws -> [EgressRule] {
    try texts.map { try #require(EgressRule($0)) }
  }

  private func objection(
    _ policy: AddressPolicy, _ address: String, name: String, literal: Bool = false
  ) -> TransferError? {
    guard let address = IPAddress(address) else { return .badURL("the test's address is wrong") }
    return policy.objection(to: address, of: .name(name), hostIsLiteral: literal)
  }
}
