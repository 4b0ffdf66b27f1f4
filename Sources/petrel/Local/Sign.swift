internal import ArgumentParser
internal import RelayCrypto
internal import RelayDocuments
internal import RelayModel
internal import RelayService
internal import RelaySignatures

struct Sign: PetrelCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the headers of a validly signed request.",
    discussion: """
      For asymmetric presets the secret is a PEM private key. What only the provider can sign ends with 65.

      EXAMPLES
        petrel sign --provider github --secret "$SECRET" --body-file body.json
        petrel sign --provider twilio --secret env:TOKEN --url https://hooks.example.com/hooks/sms --body-file form.txt
      """)

  @OptionGroup var scheme: SchemeOptions
  @OptionGroup var request: RequestOptions
  @Option(name: .long, help: "The delivery's id, where the scheme signs one; without it a new one.")
  var id: String?
  @OptionGroup var output: OutputOptions

  func validate() throws { try scheme.check() }

  func perform(_ console: Console) throws(CommandFailure) {
    let signed = SignedRequest(
      method: request.method, url: request.url, headers: HeaderFields(), body: try request.body())
    let headers = try Self.headers(
      try scheme.configuration(), signed, at: request.instant(), id: id ?? Self.newID())
    if console.json {
      console.result(
        .array(headers.map { ["name": .string($0.name), "value": .string($0.value)] }))
    } else {
      for header in headers { console.result("\(header.name): \(header.value)") }
    }
  }

  static func headers(
    _ configuration: VerifyConfiguration, _ request: SignedRequest, at now: Timestamp, id: String
  ) throws(CommandFailure) -> [Signer.Header] {
    do throws(SignatureError) {
      return try Signer(configuration).sign(request, at: now, id: id)
    } catch {
      throw CommandFailure(signature: error)
    }
  }

  static func newID() -> String { "msg_" + Base62.text(SecureRandom().bits(), width: 11) }
}
