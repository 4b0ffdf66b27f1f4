internal import ArgumentParser
internal import RelayCrypto
internal import RelayDocuments
internal import RelayHTTP
internal import RelayModel
internal import RelayService
internal import RelayThreads

struct Send: PetrelCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sign a file with a hook's own secret, and post it to the running relay.",
    discussion: """
      Prints the relay's answer. Exit status 0 accepted, 1 refused.

      EXAMPLES
        petrel send github push.json --header 'X-GitHub-Event: push'
      """)

  @Argument(help: "The hook's name.")
  var hook: String
  @Argument(help: "The file of the body; - is stdin.", completion: .file())
  var file: String
  @Option(name: .long, help: "A header as 'Name: value'; may be given often.")
  var header: [String] = []
  @OptionGroup var configuration: ConfigurationOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    let body = try InputFile.read(file)
    let fields = try HeaderArgument.fields(header)
    let loaded = try configuration.load().configuration
    let relay = try HTTPConnection(.socket(loaded.socket, config: configuration.path))
    let signed = try relay.post(
      "/api/hooks/\(try ResourceArgument.checked(hook))/sign",
      ["body_base64": .string(Base64.standard.text(body)), "headers": .array(fields.all.map(Self.json))])
    let answer = try Delivery.post(
      OutgoingRequest(
        method: "POST", url: signed["url"]?.string ?? "", headers: Self.headers(fields, signed), body: body,
        timeout: .seconds(30), hostIsLiteral: true))
    console.result(String(decoding: answer.body, as: UTF8.self))
    guard (200..<300).contains(answer.status) else {
      console.message("petrel: the relay answered \(answer.status)")
      throw .silent(answer.status == 429 || answer.status == 503 ? .busy : .failed)
    }
  }

  /// What was given, with the signature's headers in place of those of the same names.
  private static func headers(_ given: HeaderFields, _ signed: JSON) -> HeaderFields {
    let signature = (signed["headers"]?.array ?? []).map {
      ($0["name"]?.string ?? "", $0["value"]?.string ?? "")
    }
    var headers = given
    for (name, _) in signature { headers.removeAll(name) }
    if given.occurrences("Content-Type") == 0 { headers.append("Content-Type", "application/json") }
    for (name, value) in signature { headers.append(name, value) }
    return headers
  }

  private static func json(_ field: (name: String, value: String)) -> JSON {
    ["name": .string(field.name), "value": .string(field.value)]
  }
}

/// One request, and the wait for its answer.
enum Delivery {
  static func post(_ request: OutgoingRequest) throws(CommandFailure) -> HTTPAnswer {
    let answers = Inbox<Result<HTTPAnswer, TransferError>>()
    do throws(TransferError) {
      let client = try HTTPClient(ClientConfiguration(), time: SystemTime())
      client.start(request) { answers.put($0) }
      while true {
        if let answer = answers.wait(atMost: nil).first { return try answer.get() }
      }
    } catch {
      throw CommandFailure(
        .unreachable, "cannot reach the relay: \(error.message)", hints: ["Is it running?   petrel status"])
    }
  }
}
