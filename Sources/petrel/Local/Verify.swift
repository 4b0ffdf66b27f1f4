internal import ArgumentParser
internal import RelayDocuments
internal import RelayModel
internal import RelaySignatures

struct Verify: PetrelCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify one request offline, and say why it fails.",
    discussion: """
      Prints {"accepted":true}, or the reason and its detail. Exit status 0 accepted, 1 refused. With --jsonl a test \
      vector a line on stdin is answered with a line each, and the exit status is 0.

      EXAMPLES
        petrel verify --provider github --secret "$SECRET" --header 'X-Hub-Signature-256: sha256=…' --body-file body.json
        petrel verify --jsonl < vectors.jsonl
      """)

  @Flag(name: .long, help: "Read a test vector a line from stdin.")
  var jsonl = false
  @OptionGroup var scheme: SchemeOptions
  @OptionGroup var request: RequestOptions
  @Option(name: .long, help: "A header as 'Name: value'; may be given often.")
  var header: [String] = []
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard !jsonl else { return }
    try scheme.check()
  }

  func perform(_ console: Console) throws(CommandFailure) {
    if jsonl { return try answerLines(console) }
    let configuration = try scheme.configuration()
    let signed = SignedRequest(
      method: request.method, url: request.url, headers: try HeaderArgument.fields(header),
      body: try request.body())
    let verifier = try Self.verifier(configuration)
    do throws(Refusal) {
      _ = try verifier.verify(signed, at: request.instant())
      console.result(#"{"accepted":true}"#)
    } catch {
      console.result(Self.answer(error).text)
      let report = Diagnosis(signed, configuration, at: request.instant()).explain()
      if let finding = report.finding { console.message("\(finding.what); \(finding.fix)") }
      throw .silent(.failed)
    }
  }

  private func answerLines(_ console: Console) throws(CommandFailure) {
    var lines = InputLines()
    while let line = try lines.next() { console.result(VectorLine.answer(line).text) }
  }

  private static func verifier(_ configuration: VerifyConfiguration) throws(CommandFailure) -> Verifier {
    do throws(SignatureError) {
      return try Verifier(configuration)
    } catch {
      throw CommandFailure(signature: error)
    }
  }

  private static func answer(_ refusal: Refusal) -> JSON {
    ["accepted": false, "reason": .string(refusal.code.rawValue), "detail": .string(refusal.detail)]
  }
}
