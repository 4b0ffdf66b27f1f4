internal import ArgumentParser
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
    let loaded = try configuration.load().configuration
    guard let hook = loaded.hook(hook) else {
      let hint = nearest(to: hook, among: loaded.hooks.map(\.name))
      throw CommandFailure(
        .notFound, "the configuration has no hook \(hook)", hints: hint.map { ["Did you mean \($0)?"] } ?? [])
    }
    let origin = try self.origin(loaded)
    let body = try InputFile.read(file)
    let delivery = try delivery(to: hook, loaded, origin, body)
    let answer = try Delivery.post(
      OutgoingRequest(
        method: "POST", url: delivery.url, headers: delivery.headers, body: body, timeout: .seconds(30),
        hostIsLiteral: true))
    console.result(String(decoding: answer.body, as: UTF8.self))
    guard (200..<300).contains(answer.status) else {
      console.message("petrel: the relay answered \(answer.status)")
      throw .silent(answer.status == 429 || answer.status == 503 ? .busy : .failed)
    }
  }

  /// Where hooks are served: as configured, or as bound where the port was left to the kernel.
  private func origin(_ configuration: Configuration) throws(CommandFailure) -> String {
    let scheme = configuration.listen.tls == nil ? "http" : "https"
    var address = configuration.listen.reachableAddress
    if configuration.listen.port == 0 {
      let status = try HTTPConnection(.socket(configuration.socket, config: self.configuration.path))
        .get("/api/status")
      address = status["listen"]?.string ?? address
    }
    return "\(scheme)://\(address)"
  }

  private func delivery(
    to hook: Hook, _ configuration: Configuration, _ origin: String, _ body: [UInt8]
  ) throws(CommandFailure) -> SampleDelivery {
    let secrets = OperatorSecrets(environment: Environment.variables, vault: nil)
    let headers = try HeaderArgument.fields(header)
    do throws(ConfigurationError) {
      return try SampleDelivery(
        to: hook, of: configuration, origin: origin, body: body, headers: headers, secrets: secrets,
        at: SystemTime().now())
    } catch {
      throw CommandFailure(.badInput, error.description)
    }
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
