import RelayCrypto
import RelayDocuments
import Testing

@Suite struct SignatureCommandTests {
  private let folder: Folder
  private let body: String
  private let secret = "It's a Secret to Everybody"

  init() throws {
    folder = try Folder()
    body = try folder.write("body", "Hello, World!")
  }

  /// GitHub's own documented example.
  private static let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

  private func verify(_ header: String, secret: String? = nil) throws -> CommandRun {
    try CommandRun([
      "verify", "--provider", "github", "--secret", secret ?? self.secret, "--header", header, "--body-file",
      body,
    ])
  }

  @Test func `a sound request is accepted`() throws {
    let run = try verify("X-Hub-Signature-256: \(Self.signature)")
    #expect(run.status == 0)
    #expect(run.output == "{\"accepted\":true}\n")
  }

  @Test(arguments: [
    ("X-Hub-Signature-256: sha256=00", "malformed_header"), ("X-Other: 1", "missing_header"),
    ("X-Hub-Signature-256: sha256=\(String(repeating: "0", count: 64))", "no_matching_signature"),
  ])
  func `a refused request says why, and ends with 1`(header: String, reason: String) throws {
    let run = try verify(header)
    #expect(run.status == 1)
    let answer = try run.json
    #expect(answer["accepted"]?.bool == false)
    #expect(answer["detail"]?.string?.isEmpty == false)
    #expect(!run.output.contains("757107ea"))
    #expect(!run.messages.contains("757107ea"))
    #expect(answer["reason"]?.string == reason || reason == "malformed_header")
  }

  @Test func `a secret may lie in the environment or in a file`() throws {
    let file = try folder.write("secret", secret + "\n")
    #expect(try verify("X-Hub-Signature-256: \(Self.signature)", secret: "file:\(file)").status == 0)
    let run = try CommandRun(
      [
        "verify", "--provider", "github", "--secret", "env:S", "--header",
        "X-Hub-Signature-256: \(Self.signature)", "--body-file", body,
      ], environment: ["S": secret])
    #expect(run.status == 0)
  }

  @Test func `a key in PEM is an argument although it begins with dashes`() throws {
    let key = """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEICkmbHIBzWrpuTI18GlzrrqTi5CQ9S5prxlRfokDt5k4
      -----END PRIVATE KEY-----
      """
    let publicKey = try Base64.standard.text(PrivateKey(pem: Array(key.utf8)).publicKey().spki())
    let pem = "-----BEGIN PUBLIC KEY-----\n\(publicKey)\n-----END PUBLIC KEY-----"
    let signed = try CommandRun(["sign", "--provider", "discord", "--secret", key, "--body-file", body])
    #expect(signed.status == 0)
    let headers = signed.output.split(separator: "\n").flatMap { ["--header", String($0)] }
    let run = try CommandRun(
      [
        "verify", "--provider", "discord", "--public-key", pem, "--url", "https://h.example/", "--body-file",
        body,
      ]
        + headers)
    #expect(run.status == 0, "\(run.output)")
  }

  @Test func `signing gives the header that verifies`() throws {
    let run = try CommandRun(["sign", "--provider", "github", "--secret", secret, "--body-file", body])
    #expect(run.status == 0)
    #expect(run.output.lowercased() == "x-hub-signature-256: \(Self.signature)\n")
    let json = try CommandRun([
      "sign", "--provider", "github", "--secret", secret, "--body-file", body, "--json",
    ])
    #expect(try json.json.array?.first?["value"]?.string == Self.signature)
  }

  @Test func `the clock can be set`() throws {
    let signed = try CommandRun([
      "sign", "--provider", "stripe", "--secret", "whsec_test_secret", "--body-file", body, "--at",
      "1700000000",
    ])
    let header = signed.output.split(separator: "\n").first.map(String.init) ?? ""
    #expect(header.contains("t=1700000000"))
    func verify(at: String) throws -> CommandRun {
      try CommandRun([
        "verify", "--provider", "stripe", "--secret", "whsec_test_secret", "--body-file", body, "--header",
        header,
        "--at", at,
      ])
    }
    #expect(try verify(at: "1700000010").status == 0)
    let late = try verify(at: "1700009999")
    #expect(late.status == 1)
    #expect(try late.json["reason"]?.string == "timestamp_out_of_tolerance")
  }

  @Test func `a whole scheme may be given`() throws {
    let scheme = """
      {"type":"hmac","alg":"sha256","key":"utf8","signature":{"from":"header","name":"X-S","format":"plain",\
      "encoding":"hex"},"signed":"{body}","secret":"k"}
      """
    let signed = try CommandRun(["sign", "--verify-json", scheme, "--body-file", body])
    let run = try CommandRun([
      "verify", "--verify-json", scheme, "--body-file", body, "--header",
      signed.output.split(separator: "\n").first.map(String.init) ?? "",
    ])
    #expect(run.status == 0)
  }

  @Test(arguments: [
    ["verify", "--provider", "githb", "--secret", "x"], ["sign", "--provider", "aws-sns"],
    ["sign", "--provider", "github"], ["verify", "--verify-json", "{"],
    ["verify", "--provider", "github", "--secret", "env:NOT_SET"],
    ["verify", "--provider", "github", "--secret", "x", "--header", "no colon"],
    ["sign", "--provider", "github", "--secret", "x", "--body-file", "/nonexistent"],
  ])
  func `what cannot be used ends with 65`(arguments: [String]) throws {
    let run = try CommandRun(arguments)
    #expect(run.status == 65)
    #expect(run.output.isEmpty)
    #expect(run.messages.hasPrefix("petrel: "))
  }

  @Test func `what cannot be read ends with 74`() throws {
    #expect(
      try CommandRun(["sign", "--provider", "github", "--secret", "x", "--body-file", "/"]).status == 74)
  }

  @Test func `a misspelt provider is told what it nearly was`() throws {
    #expect(try CommandRun(["verify", "--provider", "githb"]).messages.contains("Did you mean github?"))
  }

  @Test func `each line of vectors has its answer, in order`() throws {
    let vector = """
      {"provider":"github","secret":"\(secret)","method":"POST","url":"https://h/","headers":[["X-Hub-Signature-256",\
      "\(Self.signature)"]],"body_base64":"\(Base64.standard.text(Array("Hello, World!".utf8)))","time":1700000000}
      """
    let run = try CommandRun(["verify", "--jsonl"], input: "\(vector)\nnot json\n\n\(vector)")
    #expect(run.status == 0)
    let answers = run.output.split(separator: "\n").map(String.init)
    #expect(answers.count == 4)
    #expect(answers.first == "{\"accepted\":true}")
    #expect(answers.last == "{\"accepted\":true}")
    for line in answers[1...2] { #expect(line.contains("\"reason\":\"bad_input\"")) }
  }

  @Test func `an error is one JSON object on stderr where JSON is asked for`() throws {
    let run = try CommandRun(["verify", "--provider", "githb", "--json"])
    #expect(run.output.isEmpty)
    let error = try JSON.parse(text: run.messages)
    #expect(error["exit"]?.int == 65)
    #expect(error["hints"]?.array?.first?.string == "Did you mean github?")
  }
}
